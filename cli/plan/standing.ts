import { existsSync } from "node:fs";
import { z } from "zod";
import { knownPrograms } from "../../infra/software.ts";
import { askedAnnotation, kindLabel } from "../../jobs/kube/labels.ts";
import { scoresName } from "../../jobs/kube/names.ts";
import { platform } from "../../jobs/kube/platform.ts";
import { callKubectl } from "../cluster/callKubectl.ts";
import { kubeconfigFile } from "../cluster/declared.ts";
import type { CellPlan } from "../../jobs/plan/index.ts";
import type { Answer } from "./report.ts";
import { timeoutMilliseconds, whySilent } from "./whySilent.ts";

const scoresList = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).optional() }) })) });

/** The call of kubectl that asks for published scores. */
async function askFor(cluster: string) {
  const args = ["get", "configmaps", "-n", platform.namespace, "-l", `${kindLabel}=scores`, "-o", "json", `--request-timeout=${String(timeoutMilliseconds)}ms`];
  return callKubectl(cluster, args, { timeoutMilliseconds, programs: knownPrograms() });
}

/** Names of published scores, with what was asked for them. */
function scoresIn(stdout: string): ReadonlyMap<string, string | undefined> {
  return new Map(scoresList.parse(JSON.parse(stdout)).items.map(({ metadata }) => [metadata.name, metadata.annotations?.[askedAnnotation]]));
}

/** A stack that asks otherwise than it did has scores, and not those. What answers, the image, is not compared: a plan does not know it. */
function standingIn(scores: ReadonlyMap<string, string | undefined>, { run, asked }: Pick<CellPlan, "run" | "asked">): string | undefined {
  const name = scoresName(run);
  if (!scores.has(name)) return undefined;
  return scores.get(name) === asked ? "done" : "asked otherwise";
}

/** Which runs of a cluster have their scores, where it answers within two seconds; else why it does not: a plan needs no cluster. */
export async function standingOn(cluster: string): Promise<Answer> {
  if (!existsSync(kubeconfigFile(cluster))) return { silent: `there is no cluster ${cluster} here` };
  const call = await askFor(cluster);
  if (call.failed) return { silent: whySilent(cluster, call) };
  const scores = scoresIn(call.stdout);
  return { standing: (cell) => standingIn(scores, cell) };
}
