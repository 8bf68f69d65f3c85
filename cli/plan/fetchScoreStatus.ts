import { listKnownPrograms } from "../../workspace/toolchain.ts";
import { formatScoresName } from "../../jobs/kube/objectNames.ts";
import type { CellPlan } from "../../jobs/plan/index.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import { formatErrorMessage } from "../explainError.ts";
import type { PublishedScores } from "../kubernetes/kubectlScores.ts";
import { listPublishedScores } from "../kubernetes/kubectlScores.ts";
import type { ScoreStatusResult } from "./planTables.ts";

/** A plan does not wait long for a cluster that is unreachable. */
export const planTimeoutMilliseconds = 2000;

/**
 * The status of a run's scores: `outdated` if they were computed with other evaluation settings or from another
 * checkpoint, `incomplete` if units have none, undefined if there are none. The evaluation image is not compared,
 * because a plan does not know it.
 */
function scoreStatus(
  scores: ReadonlyMap<string, PublishedScores>,
  { run, evaluationHash, checkpoint }: Pick<CellPlan, "run" | "evaluationHash" | "checkpoint">,
): string | undefined {
  const published = scores.get(formatScoresName(run));
  if (published === undefined) return undefined;
  if (published.evaluationHash !== evaluationHash || published.checkpoint !== checkpoint) return "outdated";
  return published.isIncomplete ? "incomplete" : "done";
}

/**
 * Looks up which runs of a cluster have published scores. Gives the reason instead if the cluster does not respond
 * within two seconds or the state does not give its kubeconfig, because a plan needs no cluster.
 */
export async function fetchScoreStatus(cluster: string): Promise<ScoreStatusResult> {
  try {
    await updateKubeconfig(cluster);
  } catch (error) {
    return { unavailable: formatErrorMessage(error) };
  }
  const options = { timeoutMilliseconds: planTimeoutMilliseconds, programs: listKnownPrograms() };
  const { scores, unavailable } = await listPublishedScores(cluster, options);
  return unavailable === undefined ? { lookup: (cell) => scoreStatus(scores, cell) } : { unavailable };
}
