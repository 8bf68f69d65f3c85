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

/** Lists the ConfigMaps of published scores with kubectl. */
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

/** The evaluation hash of each published ConfigMap of scores, by its name. */
function parsePublishedScores(stdout: string): ReadonlyMap<string, string | undefined> {
  return new Map(
    scoresListSchema
      .parse(JSON.parse(stdout))
      .items.map(({ metadata }) => [metadata.name, metadata.annotations?.[evaluationHashAnnotation]]),
  );
}

/**
 * The status of a run's scores: `outdated` if they were computed with other evaluation settings, undefined if there are
 * none. The evaluation image is not compared, because a plan does not know it.
 */
function scoreStatus(
  scores: ReadonlyMap<string, string | undefined>,
  { run, evaluationHash }: Pick<CellPlan, "run" | "evaluationHash">,
): string | undefined {
  const name = formatScoresName(run);
  if (!scores.has(name)) return undefined;
  return scores.get(name) === evaluationHash ? "done" : "outdated";
}

/**
 * Looks up which runs of a cluster have published scores. Gives the reason instead if the cluster does not respond
 * within two seconds, because a plan needs no cluster.
 */
export async function fetchScoreStatus(cluster: string): Promise<ScoreStatusResult> {
  if (!existsSync(resolveKubeconfigPath(cluster))) return { unavailable: `there is no cluster ${cluster} here` };
  const call = await listScoresConfigMaps(cluster);
  if (call.failed) return { unavailable: explainUnreachable(cluster, call) };
  const scores = parsePublishedScores(call.stdout);
  return { lookup: (cell) => scoreStatus(scores, cell) };
}
