import { existsSync } from "node:fs";
import { z } from "zod";
import { listKnownPrograms } from "../../workspace/toolchain.ts";
import { evaluationHashAnnotation, kindLabel } from "../../jobs/kube/objectLabels.ts";
import { formatScoresName } from "../../jobs/kube/objectNames.ts";
import { platformNames } from "../../jobs/kube/clusterOutputs.ts";
import { runKubectl } from "../kubernetes/kubectl.ts";
import { resolveKubeconfigPath } from "../cluster/readClusterConfig.ts";
import type { CellPlan } from "../../jobs/plan/index.ts";
import type { ScoreStatusResult } from "./planReport.ts";
import { planTimeoutMilliseconds, explainUnreachable } from "../kubernetes/apiErrors.ts";

const scoresListSchema = z.object({
  items: z.array(
    z.object({ metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).optional() }) }),
  ),
});

/** The call of kubectl that asks for published scores. */
async function listScoresConfigMaps(cluster: string) {
  const args = [
    "get",
    "configmaps",
    "-n",
    platformNames.namespace,
    "-l",
    `${kindLabel}=scores`,
    "-o",
    "json",
    `--request-timeout=${String(planTimeoutMilliseconds)}ms`,
  ];
  return runKubectl(cluster, args, { timeoutMilliseconds: planTimeoutMilliseconds, programs: listKnownPrograms() });
}

/** Names of published scores, with what was asked for them. */
function parsePublishedScores(stdout: string): ReadonlyMap<string, string | undefined> {
  return new Map(
    scoresListSchema
      .parse(JSON.parse(stdout))
      .items.map(({ metadata }) => [metadata.name, metadata.annotations?.[evaluationHashAnnotation]]),
  );
}

/** A stack that asks otherwise than it did has scores, and not those. What answers, the image, is not compared: a plan does not know it. */
function scoreStatus(
  scores: ReadonlyMap<string, string | undefined>,
  { run, evaluationHash: asked }: Pick<CellPlan, "run" | "evaluationHash">,
): string | undefined {
  const name = formatScoresName(run);
  if (!scores.has(name)) return undefined;
  return scores.get(name) === asked ? "done" : "asked otherwise";
}

/** Which runs of a cluster have their scores, where it answers within two seconds; else why it does not: a plan needs no cluster. */
export async function fetchScoreStatus(cluster: string): Promise<ScoreStatusResult> {
  if (!existsSync(resolveKubeconfigPath(cluster))) return { unavailable: `there is no cluster ${cluster} here` };
  const call = await listScoresConfigMaps(cluster);
  if (call.failed) return { unavailable: explainUnreachable(cluster, call) };
  const scores = parsePublishedScores(call.stdout);
  return { lookup: (cell) => scoreStatus(scores, cell) };
}
