import { listKnownPrograms } from "../../workspace/toolchain.ts";
import { formatScoresName } from "../../jobs/kube/objectNames.ts";
import type { CellPlan } from "../../jobs/plan/index.ts";
import { listPublishedScores } from "../kubernetes/publishedScores.ts";
import type { ScoreStatusResult } from "./planReport.ts";

/** A plan does not wait long for a cluster that is unreachable. */
const planTimeoutMilliseconds = 2000;

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
  const options = { timeoutMilliseconds: planTimeoutMilliseconds, programs: listKnownPrograms() };
  const { scores, unavailable } = await listPublishedScores(cluster, options);
  return unavailable === undefined ? { lookup: (cell) => scoreStatus(scores, cell) } : { unavailable };
}
