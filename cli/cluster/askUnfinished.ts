import { existsSync } from "node:fs";
import type { ClusterConfig } from "../../infra/config.ts";
import type { Software } from "../../infra/software.ts";
import { callKubectl } from "./callKubectl.ts";
import { kubeconfigFile } from "./declared.ts";
import { lacksKind, scopeOf } from "./question.ts";
import { unfinishedIn, workKinds, type Unfinished } from "./unfinished.ts";

/** A cluster that is dead is not waited for. */
const timeoutSeconds = 5;

export interface Asked {
  config: ClusterConfig;
  software: Pick<Software, "programs">;
}

type Ask = (resource: string) => Promise<string | undefined>;

/** kubectl's list of a resource; undefined where the cluster has no such kind. @throws Error that says in one line why there is none */
function asker(stack: string, { config, software }: Asked): Ask {
  const scope = scopeOf(config);
  return async (resource) => {
    const answer = await callKubectl(stack, ["get", resource, ...scope, "--output=json"], { timeoutMilliseconds: timeoutSeconds * 1000, programs: software.programs });
    if (!answer.failed) return answer.stdout;
    if (answer.timedOut) throw new Error(`it does not answer within ${String(timeoutSeconds)} s`);
    if (lacksKind(answer.stderr)) return undefined;
    throw new Error(answer.stderr.split("\n").at(-1) || answer.shortMessage);
  };
}

/** What is going on there; or why that is not known, in one line. */
export type Answer = { unfinished: Unfinished[]; silent?: never } | { silent: string; unfinished?: never };

/** Unfinished work on the cluster of a stack, whoever submitted it. Never throws: a cluster that is away can be taken off, too. */
export async function unfinishedOn(stack: string, asked: Asked): Promise<Answer> {
  if (!existsSync(kubeconfigFile(stack))) return { silent: "there are no credentials for it here" };
  try {
    const ask = asker(stack, asked);
    const lists = await Promise.all(workKinds.map(async (kind) => ({ kind, json: await ask(kind.resource) })));
    return { unfinished: lists.flatMap(({ kind, json }) => (json === undefined ? [] : unfinishedIn(json, kind))) };
  } catch (error) {
    return { silent: error instanceof Error ? error.message : String(error) };
  }
}
