import { existsSync } from "node:fs";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { runKubectl } from "./kubectl.ts";
import { resolveKubeconfigPath } from "../cluster/readClusterConfig.ts";
import { isMissingKindError, buildNamespaceArguments } from "./workloadList.ts";
import { parseActiveWorkloads, workloadKinds } from "./workloadList.ts";
import type { ActiveWorkload } from "./workloadList.ts";

/** A cluster that is dead is not waited for. */
const workloadQueryTimeoutSeconds = 5;

export interface WorkloadQuery {
  readonly config: ClusterConfig;
  readonly software: Pick<Toolchain, "programs">;
}

type ResourceLister = (resource: string) => Promise<string | undefined>;

/** kubectl's list of a resource; undefined where the cluster has no such kind. @throws Error that says in one line why there is none */
function createResourceLister(stack: string, { config, software }: WorkloadQuery): ResourceLister {
  const scope = buildNamespaceArguments(config);
  return async (resource) => {
    const answer = await runKubectl(stack, ["get", resource, ...scope, "--output=json"], {
      timeoutMilliseconds: workloadQueryTimeoutSeconds * 1000,
      programs: software.programs,
    });
    if (!answer.failed) return answer.stdout;
    if (answer.timedOut) throw new Error(`it does not answer within ${String(workloadQueryTimeoutSeconds)} s`);
    if (isMissingKindError(answer.stderr)) return undefined;
    throw new Error(answer.stderr.split("\n").at(-1) || answer.shortMessage);
  };
}

/** What is going on there; or why that is not known, in one line. */
export type ActiveWorkloadsResult =
  { unfinished: ActiveWorkload[]; silent?: never } | { silent: string; unfinished?: never };

/** Unfinished work on the cluster of a stack, whoever submitted it. Never throws: a cluster that is away can be taken off, too. */
export async function listActiveWorkloads(stack: string, asked: WorkloadQuery): Promise<ActiveWorkloadsResult> {
  if (!existsSync(resolveKubeconfigPath(stack))) return { silent: "there are no credentials for it here" };
  try {
    const ask = createResourceLister(stack, asked);
    const lists = await Promise.all(workloadKinds.map(async (kind) => ({ kind, json: await ask(kind.resource) })));
    return {
      unfinished: lists.flatMap(({ kind, json }) => (json === undefined ? [] : parseActiveWorkloads(json, kind))),
    };
  } catch (error) {
    return { silent: error instanceof Error ? error.message : String(error) };
  }
}
