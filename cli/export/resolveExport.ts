import type { CommonConfig, FamilyConfig } from "../../jobs/config/index.ts";
import type { CellExperiment } from "../../jobs/experiment/index.ts";
import { buildExportJob, locateExport, selectExportedCheckpoint } from "../../jobs/export/index.ts";
import type { PushTarget } from "../../jobs/export/index.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import type { JobManifest } from "../../jobs/kube/manifestTypes.ts";
import { formatSlug } from "../../jobs/kube/objectNames.ts";
import type { CellOutput } from "../../stacks/submission.ts";
import { formatAllowedWords } from "../../validation/suggestions.ts";
import type { CellState } from "../watch/gridState.ts";
import { formatStage } from "../watch/stageText.ts";
import type { ExportFlags } from "./exportFlags.ts";

/** Finds a cell by its id or slug. @throws Error with the nearest name */
export function findExportedCell<Found extends { readonly id: string }>(
  cells: readonly Found[],
  word: string,
  stack: string,
): Found {
  const found = cells.find(({ id }) => id === word) ?? cells.find(({ id }) => formatSlug(id) === formatSlug(word));
  if (found !== undefined) return found;
  const names = cells.map(({ id }) => id);
  throw new Error(`cell "${word}": not in stack "${stack}"; ${formatAllowedWords(word, names)}`);
}

/** @throws Error unless the cell has its scores, with the state that it has */
export function refuseUnfinishedCell(state: CellState | undefined, id: string, stack: string): void {
  if (state?.name === "done") return;
  const stage = state === undefined ? "not submitted" : formatStage(state);
  const advice = state?.name === "failed" ? `./mixcpt retry ${stack} ${id}` : `./mixcpt explain ${stack} ${id}`;
  throw new Error(`cell ${id}: is not finished (${stage}); export it once it is done: ${advice}`);
}

/**
 * Refuses a cell whose file no longer describes what was submitted: the card would tell of another recipe.
 * @throws Error that names both runs
 */
export function refuseOtherRun(described: CellExperiment, submitted: CellOutput, stack: string): void {
  const problems = [
    ...(described.run.name === submitted.run
      ? []
      : [`the file describes the run ${described.run.name}, and ${submitted.run} was submitted`]),
    ...(described.evaluation.name === submitted.names.evaluate
      ? []
      : [`the file describes the evaluation ${described.evaluation.name}, and not ${submitted.names.evaluate}`]),
  ];
  if (problems.length === 0) return;
  throw new Error(
    `cell ${described.cell.id}: ${problems.join("; ")}; export at the commit that was submitted, or run ` +
      `./mixcpt up ${stack}`,
  );
}

/** @throws Error for a name that no repository can have, and for a stack without a token */
export function parsePushTarget(
  { push, public: isPublic }: Pick<ExportFlags, "push" | "public">,
  { stack, tokenSecret }: Pick<CommonConfig, "stack" | "tokenSecret">,
): PushTarget | undefined {
  if (push === undefined && isPublic) throw new Error("--public: needs --push OWNER/NAME; nothing else is uploaded");
  if (push === undefined) return undefined;
  if (!/^[\w.-]+\/[\w.-]+$/.test(push)) throw new Error(`--push: ${push} is not a repository; must be OWNER/NAME`);
  if (tokenSecret === undefined)
    throw new Error(
      `--push: the file of stack "${stack}" names no Secret with a token; set mixcpt:tokenSecret to one with the key ` +
        "HF_TOKEN, whose token may write",
    );
  return { repository: push, private: isPublic !== true };
}

interface ExportRequest {
  readonly config: FamilyConfig;
  readonly cluster: ClusterOutputs;
  readonly experiment: CellExperiment;
  readonly flags: ExportFlags;
}

/** An export as a Job. */
export interface ResolvedExport {
  readonly manifest: JobManifest;
  /** Path in the pods. */
  readonly folder: string;
}

/** Builds the Job of an export. @throws Error for flags that the cell or the stack does not allow */
export function resolveExport({ config, cluster, experiment, flags }: ExportRequest): ResolvedExport {
  const push = parsePushTarget(flags, config);
  const checkpoint = selectExportedCheckpoint(experiment, flags.step);
  const input = { config, cluster, run: experiment.run, checkpoint, license: flags.license, push };
  return { manifest: buildExportJob(input), folder: locateExport(input) };
}
