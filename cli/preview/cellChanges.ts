import { cellIdAnnotation } from "../../jobs/kube/objectLabels.ts";
import type { CellDocument } from "../../jobs/plan/index.ts";
import { listUnwrittenCheckpoints, readSubmittedCheckpoints } from "../../jobs/train/index.ts";
import type { IndexedStack, SnapshotSides } from "./snapshotIndex.ts";
import { findStep, findStepCauses, getCellSlug } from "./snapshotIndex.ts";
import type { ComparedManifest } from "./snapshotSchema.ts";
import type { InputChange } from "./stepInputs.ts";

type ChangeReason = "new" | "renamed" | "moved" | "retrained" | "continued" | "re-evaluated";

/** A cell or base model that would run, and the reason. */
export interface CellChange {
  readonly stack: string;
  readonly id: string;
  readonly reason: ChangeReason;
  readonly causes: readonly InputChange[];
  /** The object that would run: the training, or the evaluation of what is trained already. */
  readonly run: string;
  /** Zero if nothing is trained; those of the added steps if training continues. */
  readonly gpuHours: { readonly low: number; readonly high: number };
  readonly evaluationGpuHours: number;
  readonly diskGB: number;
}

/** A stack beside its earlier version. */
export interface StackPair {
  /** What a deployment of the base has submitted: undefined for a new stack and for one that it refused. */
  readonly earlier: IndexedStack | undefined;
  readonly later: IndexedStack;
  readonly sides: SnapshotSides;
}

function hasMoved({ earlier, later }: StackPair): boolean {
  return earlier?.cluster !== undefined && later.cluster !== undefined && earlier.cluster !== later.cluster;
}

/** The objects that the base has submitted to the cluster that the head names. */
export function listKnownObjects(pair: StackPair): ReadonlyMap<string, ComparedManifest> {
  return pair.earlier === undefined || hasMoved(pair) ? new Map() : pair.earlier.objects;
}

/** The content hash of a run, which its name ends with. */
function getContentHash({ run }: CellDocument): string {
  return run.slice(-8);
}

/** Finds the former names of cells whose run differs in nothing but its name. */
function mapFormerCells({ earlier, later }: StackPair): Map<string, CellDocument> {
  const gone = [...(earlier?.cells.values() ?? [])].filter(({ id }) => !later.cells.has(id));
  const formerByHash = new Map(gone.map((cell) => [getContentHash(cell), cell]));
  const added = [...later.cells.values()].filter(({ id }) => earlier?.cells.has(id) !== true);
  return new Map(
    added.flatMap((cell): [string, CellDocument][] => {
      const former = formerByHash.get(getContentHash(cell));
      return former === undefined ? [] : [[cell.id, former]];
    }),
  );
}

type Explanation = Pick<CellChange, "reason" | "causes">;

function explainMove({ earlier, later }: StackPair): Explanation {
  const cluster = { input: "mixcpt:cluster", old: earlier?.cluster ?? "", new: later.cluster ?? "" };
  return { reason: "moved", causes: [cluster] };
}

const changeReasons = { train: "retrained", evaluate: "re-evaluated" } as const;

function explainChangedStep(
  slug: string,
  step: keyof typeof changeReasons,
  { earlier, later, sides }: StackPair,
): Explanation | undefined {
  const newStep = findStep(later, slug, step);
  const oldStep = earlier === undefined ? undefined : findStep(earlier, slug, step);
  if (newStep === undefined || oldStep?.metadata.name === newStep.metadata.name) return undefined;
  return { reason: changeReasons[step], causes: findStepCauses([oldStep, newStep], sides) };
}

function listCheckpoints({ evaluate: { checkpoint, checkpoints = [checkpoint] } }: CellDocument): readonly number[] {
  return checkpoints;
}

/**
 * Explains that checkpoints are evaluated in addition; undefined if none is. Training continues if the submitted one
 * does not write all of them.
 */
function explainAddedCheckpoints(cell: CellDocument, { earlier, later }: StackPair): Explanation | undefined {
  const known = earlier?.cells.get(cell.id);
  const [before, after] = [known === undefined ? [] : listCheckpoints(known), listCheckpoints(cell)];
  if (earlier === undefined || after.every((step) => before.includes(step))) return undefined;
  const change = { input: "checkpoints", old: before.join(", "), new: after.join(", ") };
  const submitted = readSubmittedCheckpoints(findStep(earlier, cell.slug, "train"));
  const declared = readSubmittedCheckpoints(findStep(later, cell.slug, "train"));
  const isWritten =
    submitted === undefined || declared === undefined || listUnwrittenCheckpoints(submitted, declared).length === 0;
  return { reason: isWritten ? "re-evaluated" : "continued", causes: [change] };
}

/** Explains why a cell would run; undefined if it would not. */
function explainCell(cell: CellDocument, former: CellDocument | undefined, pair: StackPair): Explanation | undefined {
  if (former !== undefined) {
    const renamed = { input: "name", old: former.id, new: cell.id };
    return former.run === cell.run ? undefined : { reason: "renamed", causes: [renamed] };
  }
  if (pair.earlier?.cells.has(cell.id) !== true) return { reason: "new", causes: [] };
  return hasMoved(pair)
    ? explainMove(pair)
    : (explainChangedStep(cell.slug, "train", pair) ??
        explainAddedCheckpoints(cell, pair) ??
        explainChangedStep(cell.slug, "evaluate", pair));
}

const noHours = { low: 0, high: 0 };

function getTrainedSteps({ estimate: { steps, trainedSteps = steps } }: CellDocument): number {
  return trainedSteps;
}

/**
 * The hours of a training that continues: at the low end those of the steps beyond its former end, at the high end also
 * those from the first new checkpoint, which it may have passed.
 */
function computeContinuedHours(cell: CellDocument, { earlier }: StackPair): CellChange["gpuHours"] {
  const known = earlier?.cells.get(cell.id);
  if (known === undefined) return noHours;
  const [formerEnd, end] = [getTrainedSteps(known), getTrainedSteps(cell)];
  const added = listCheckpoints(cell).filter((step) => !listCheckpoints(known).includes(step));
  const computeShare = (start: number): number => Math.max(0, end - start) / end;
  const { low, high } = cell.estimate.gpuHours;
  return { low: low * computeShare(formerEnd), high: high * computeShare(Math.min(formerEnd, ...added)) };
}

function computeAddedHours(cell: CellDocument, reason: ChangeReason, pair: StackPair): CellChange["gpuHours"] {
  if (reason === "re-evaluated") return noHours;
  return reason === "continued" ? computeContinuedHours(cell, pair) : cell.estimate.gpuHours;
}

function computeAddedDisk(cell: CellDocument, reason: ChangeReason, { earlier }: StackPair): number {
  if (reason === "re-evaluated") return 0;
  const former = reason === "continued" ? (earlier?.cells.get(cell.id)?.estimate.diskGB ?? 0) : 0;
  return Math.max(0, cell.estimate.diskGB - former);
}

function buildCellChange(cell: CellDocument, explanation: Explanation, pair: StackPair): CellChange {
  const { later } = pair;
  const { reason } = explanation;
  const isTrained = reason !== "re-evaluated";
  const evaluation = findStep(later, cell.slug, "evaluate")?.metadata.name;
  return {
    stack: later.stack,
    id: cell.id,
    ...explanation,
    run: isTrained ? cell.run : (evaluation ?? cell.run),
    gpuHours: computeAddedHours(cell, reason, pair),
    evaluationGpuHours: later.evaluationGpuHours[cell.id] ?? 0,
    diskGB: computeAddedDisk(cell, reason, pair),
  };
}

/** The evaluations of base models: steps with the label of a cell that the stack does not have. */
function listBaseEvaluations({ steps, cells }: IndexedStack): ComparedManifest[] {
  const slugs = new Set([...cells.values()].map(({ slug }) => slug));
  return [...steps.values()].filter((step) => !slugs.has(getCellSlug(step) ?? ""));
}

/** The download of a model, unless the base has it from the same commit on the same cluster. */
function computeDownloadGB(id: string, pair: StackPair): number {
  const { earlier, later } = pair;
  const [known, model] = [earlier?.models.get(id), later.models.get(id)];
  const isKnown = known?.model === model?.model && known?.revision === model?.revision && !hasMoved(pair);
  return model === undefined || isKnown ? 0 : model.downloadGB;
}

function compareBaseModel(step: ComparedManifest, pair: StackPair): CellChange[] {
  const slug = getCellSlug(step) ?? "";
  const id = step.metadata.annotations?.[cellIdAnnotation] ?? slug;
  const { stack, evaluationGpuHours } = pair.later;
  const isKnown = pair.earlier !== undefined && findStep(pair.earlier, slug, "evaluate") !== undefined;
  const explanation = !isKnown
    ? ({ reason: "new", causes: [] } as const)
    : hasMoved(pair)
      ? explainMove(pair)
      : explainChangedStep(slug, "evaluate", pair);
  if (explanation === undefined) return [];
  const diskGB = computeDownloadGB(id, pair);
  const hours = { gpuHours: noHours, evaluationGpuHours: evaluationGpuHours[id] ?? 0, diskGB };
  return [{ stack, id, ...explanation, run: step.metadata.name, ...hours }];
}

/** Lists the cells and base models of a stack that would run. */
export function listCellChanges(pair: StackPair): CellChange[] {
  const formerCells = mapFormerCells(pair);
  const cells = [...pair.later.cells.values()].flatMap((cell) => {
    const explanation = explainCell(cell, formerCells.get(cell.id), pair);
    return explanation === undefined ? [] : [buildCellChange(cell, explanation, pair)];
  });
  return [...cells, ...listBaseEvaluations(pair.later).flatMap((step) => compareBaseModel(step, pair))];
}

/** Lists the cells that only the base has, without those that have another name now. */
export function listRemovedCells(pair: StackPair): CellDocument[] {
  const former = new Set([...mapFormerCells(pair).values()]);
  return [...(pair.earlier?.cells.values() ?? [])].filter(
    (cell) => !pair.later.cells.has(cell.id) && !former.has(cell),
  );
}
