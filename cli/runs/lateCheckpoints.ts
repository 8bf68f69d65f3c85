import type { CellExperiment } from "../../jobs/experiment/index.ts";
import { buildProvisionalExperiment } from "../../jobs/experiment/index.ts";
import type { SubmittedCheckpoints } from "../../jobs/train/index.ts";
import { buildCheckpointSpec, listUnwrittenCheckpoints } from "../../jobs/train/index.ts";
import type { RecordedRun } from "../engine/recordedRuns.ts";
import { deriveClusterOutputs } from "../plan/deriveClusterOutputs.ts";
import { loadStackConfig } from "../plan/loadStackConfig.ts";
import { formatCount, formatFirstItems } from "../terminal/formatList.ts";

/** A submitted training that does not write checkpoints which the stack's file evaluates by now. */
interface LateCheckpoints {
  readonly cell: string;
  readonly run: string;
  readonly submitted: SubmittedCheckpoints;
  readonly unwritten: readonly (number | "last")[];
}

/** Finds the trainings of a state that do not write what the file evaluates. Other runs of a cell have other names. */
export function findLateCheckpoints(
  cells: readonly Pick<CellExperiment, "cell" | "run">[],
  recorded: readonly Pick<RecordedRun, "name" | "checkpoints">[],
): LateCheckpoints[] {
  return cells.flatMap(({ cell, run }) => {
    const submitted = recorded.find(({ name, checkpoints }) => name === run.name && checkpoints)?.checkpoints;
    if (submitted === undefined) return [];
    const unwritten = listUnwrittenCheckpoints(submitted, buildCheckpointSpec(run.checkpoints));
    return unwritten.length === 0 ? [] : [{ cell: cell.id, run: run.name, submitted, unwritten }];
  });
}

function formatCheckpoints(checkpoints: readonly (number | "last")[]): string {
  return formatFirstItems(checkpoints.map(String), { limit: 6 });
}

/** `L2-Mono-Stag: training l2-mono-stag-1a2b3c4d was submitted with 5500, and 8000 is new` */
function formatLateCheckpoints({ cell, run, submitted, unwritten }: LateCheckpoints): string {
  const written = [...(submitted.steps ?? []), ...(submitted.last === true ? ["last" as const] : [])];
  const verb = unwritten.length === 1 ? "is" : "are";
  return (
    `${cell}: training ${run} was submitted with ${formatCheckpoints(written)}, ` +
    `and ${formatCheckpoints(unwritten)} ${verb} new`
  );
}

const maxListedTrainings = 5;

/**
 * Refuses evaluations of checkpoints that no submitted training writes, because they would wait for them indefinitely.
 * @throws Error that lists the trainings and says how they continue
 */
export function refuseLateCheckpoints(late: readonly LateCheckpoints[], verb: string, stack: string): void {
  if (late.length === 0) return;
  const lines = late.map(formatLateCheckpoints);
  throw new Error(
    [
      `${verb} ${stack} would evaluate checkpoints that ${formatCount(late.length, "submitted training")} will not ` +
        "write, and a submitted training is never changed; nothing was changed",
      `  ${formatFirstItems(lines, { limit: maxListedTrainings, separator: "\n  " })}`,
      "what to do:",
      `  ./mixcpt destroy ${stack}, then ./mixcpt up ${stack}: each training continues from its newest checkpoint ` +
        "(destroy --end-running while it is active), and what is finished in the store is not repeated",
      "  or name the former steps in mixcpt:checkpoints.evaluate again",
    ].join("\n"),
  );
}

/** Lists the cells that a stack's file describes, with the names that their runs have on its cluster. */
export function listDeclaredCells(stack: string): readonly CellExperiment[] {
  const config = loadStackConfig(stack);
  return buildProvisionalExperiment(config, deriveClusterOutputs(config)).cells;
}
