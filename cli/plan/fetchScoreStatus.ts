import { listKnownPrograms } from "../../workspace/toolchain.ts";
import { formatScoresName } from "../../jobs/kube/objectNames.ts";
import type { CellPlan } from "../../jobs/plan/index.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import { formatErrorMessage } from "../explainError.ts";
import { listPublishedScores } from "../kubernetes/kubectlScores.ts";
import type { ScoreStatusResult } from "./planReport.ts";

/** A plan does not wait long for a cluster that is unreachable. */
const planTimeoutMilliseconds = 2000;

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
