import { cellLabel, stepLabel } from "../../jobs/kube/objectLabels.ts";
import type { CellDocument, MixtureDocument, PlanDocument } from "../../jobs/plan/index.ts";
import type { InputChange } from "./stepInputs.ts";
import { findInputChanges, findOutputPath, readStepInputs } from "./stepInputs.ts";
import type { ComparedManifest, PreviewSnapshot } from "./previewSnapshot.ts";

/** A cell that would run, and the reason. */
export interface CellChange {
  readonly stack: string;
  readonly cell: CellDocument;
  readonly reason: "new" | "retrained" | "re-evaluated";
  readonly causes: readonly InputChange[];
}

/** A mixture that would be built, and the reason. */
export interface MixtureChange {
  readonly mixture: MixtureDocument;
  readonly reason: "new" | "rebuilt";
  readonly causes: readonly InputChange[];
}

export interface SnapshotComparison {
  readonly changes: readonly CellChange[];
  readonly mixtures: readonly MixtureChange[];
  /** Names of all other steps that would run: data steps and evaluations of base models. */
  readonly otherSteps: readonly string[];
  /** Cells and mixtures that only the base has; their results are kept. */
  readonly removed: readonly string[];
  /** Lower and upper estimate for the cells that would be trained. */
  readonly gpuHours: { low: number; high: number };
  /** Disk space of the cells that would be trained and the mixtures that would be built. */
  readonly diskGB: number;
  readonly findings: PlanDocument["findings"];
}

type IndexedSnapshot = Pick<PreviewSnapshot, "manifests"> & {
  cells: ReadonlyMap<string, { stack: string; cell: CellDocument }>;
  mixtures: ReadonlyMap<string, MixtureDocument>;
};

/** Indexes cells and mixtures by their ids. Plans of older commits have no `mixtures`. */
function indexSnapshot({ plan, manifests }: PreviewSnapshot): IndexedSnapshot {
  const cellEntries = plan.stacks.flatMap(({ stack, cells }) =>
    cells.map((cell) => [cell.id, { stack, cell }] as const),
  );
  const mixtureEntries = plan.stacks.flatMap(({ mixtures = [] }) =>
    mixtures.map((mixture) => [mixture.id, mixture] as const),
  );
  return { manifests, cells: new Map(cellEntries), mixtures: new Map(mixtureEntries) };
}

function findCellStep(
  { manifests }: IndexedSnapshot,
  { stack, slug, step }: { stack: string; slug: string; step: string },
): ComparedManifest | undefined {
  return manifests[stack]?.find(
    ({ metadata: { labels } }) => labels?.[cellLabel] === slug && labels[stepLabel] === step,
  );
}

/** Finds the data step that writes to a path. */
function findDataStep({ manifests }: IndexedSnapshot, path: string): ComparedManifest | undefined {
  return Object.values(manifests)
    .flat()
    .find((manifest) => findOutputPath(manifest) === path);
}

/** Replaces a changed input path by the changed inputs of the data step that writes it, if the manifests contain it. */
function expandCause(cause: InputChange, before: IndexedSnapshot, after: IndexedSnapshot): InputChange[] {
  if (!cause.old.startsWith("/") || !cause.new.startsWith("/")) return [cause];
  const [oldStep, newStep] = [findDataStep(before, cause.old), findDataStep(after, cause.new)];
  if (oldStep === undefined || newStep === undefined) return [cause];
  return findInputChanges(readStepInputs(oldStep), readStepInputs(newStep)).map((inner) => ({
    ...inner,
    input: `${cause.input}: ${inner.input}`,
  }));
}

function findStepCauses(
  oldStep: ComparedManifest,
  newStep: ComparedManifest,
  [before, after]: readonly [IndexedSnapshot, IndexedSnapshot],
): InputChange[] {
  return findInputChanges(readStepInputs(oldStep), readStepInputs(newStep)).flatMap((cause) =>
    expandCause(cause, before, after),
  );
}

function compareCell(
  { stack, cell }: { stack: string; cell: CellDocument },
  sides: readonly [IndexedSnapshot, IndexedSnapshot],
): CellChange[] {
  const [before, after] = sides;
  const known = before.cells.get(cell.id);
  if (known === undefined) return [{ stack, cell, reason: "new", causes: [] }];
  const findStepPair = (step: string) =>
    [
      findCellStep(before, { stack: known.stack, slug: cell.slug, step }),
      findCellStep(after, { stack, slug: cell.slug, step }),
    ] as const;
  for (const [step, reason] of [
    ["train", "retrained"],
    ["evaluate", "re-evaluated"],
  ] as const) {
    const [oldStep, newStep] = findStepPair(step);
    if (newStep !== undefined && oldStep?.metadata.name !== newStep.metadata.name)
      return [{ stack, cell, reason, causes: oldStep === undefined ? [] : findStepCauses(oldStep, newStep, sides) }];
  }
  return [];
}

function findMixtureJob({ manifests }: IndexedSnapshot, { job }: MixtureDocument): ComparedManifest | undefined {
  return Object.values(manifests)
    .flat()
    .find(({ kind, metadata }) => kind === "JobSet" && metadata.name === job);
}

function compareMixture(mixture: MixtureDocument, sides: readonly [IndexedSnapshot, IndexedSnapshot]): MixtureChange[] {
  const [before, after] = sides;
  const known = before.mixtures.get(mixture.id);
  if (known === undefined) return [{ mixture, reason: "new", causes: [] }];
  if (known.job === mixture.job) return [];
  const [oldJob, newJob] = [findMixtureJob(before, known), findMixtureJob(after, mixture)];
  const causes = oldJob === undefined || newJob === undefined ? [] : findStepCauses(oldJob, newJob, sides);
  return [{ mixture, reason: "rebuilt", causes }];
}

function collectManifestNames({ manifests }: IndexedSnapshot): Set<string> {
  return new Set(
    Object.values(manifests)
      .flat()
      .map(({ kind, metadata }) => `${kind}/${metadata.name}`),
  );
}

function getCellSlug({ metadata: { labels } }: ComparedManifest): string | undefined {
  return labels?.[cellLabel];
}

/** Lists steps that only the second side has, except those that train or evaluate its cells or build its mixtures. */
function listOtherSteps(before: IndexedSnapshot, after: IndexedSnapshot): string[] {
  const known = collectManifestNames(before);
  const slugs = new Set([...after.cells.values()].map(({ cell }) => cell.slug));
  const mixtures = new Set([...after.mixtures.values()].map(({ job }) => job));
  const isCellStep = (step: ComparedManifest): boolean =>
    step.metadata.labels?.[stepLabel] !== "data" && slugs.has(getCellSlug(step) ?? "");
  const added = Object.values(after.manifests)
    .flat()
    .filter((step) => !isCellStep(step) && !known.has(`${step.kind}/${step.metadata.name}`));
  return [...new Set(added.map(({ metadata }) => metadata.name))].filter((name) => !mixtures.has(name));
}

/** Lists findings of the second plan that the first lacks, each with the cells that did not have it. */
function listNewFindings(before: PlanDocument, after: PlanDocument): PlanDocument["findings"] {
  const known = new Set(before.findings.flatMap(({ rule, cells }) => cells.map((cell) => `${rule} ${cell}`)));
  return after.findings.flatMap((finding) => {
    const cells = finding.cells.filter((cell) => !known.has(`${finding.rule} ${cell}`));
    return cells.length === 0 ? [] : [{ ...finding, cells }];
  });
}

function sumValues(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Lists the ids that only the first side has. */
function listRemovedIds(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] {
  return [...before.keys()].filter((id) => !after.has(id));
}

/** Compares what two commits run, and returns what only the second one would run. */
export function compareSnapshots(base: PreviewSnapshot, head: PreviewSnapshot): SnapshotComparison {
  const [before, after] = [indexSnapshot(base), indexSnapshot(head)];
  const changes = [...after.cells.values()].flatMap((indexed) => compareCell(indexed, [before, after]));
  const mixtures = [...after.mixtures.values()].flatMap((mixture) => compareMixture(mixture, [before, after]));
  const trained = changes.filter(({ reason }) => reason !== "re-evaluated").map(({ cell }) => cell.estimate);
  return {
    changes,
    mixtures,
    otherSteps: listOtherSteps(before, after),
    removed: [...listRemovedIds(before.cells, after.cells), ...listRemovedIds(before.mixtures, after.mixtures)],
    gpuHours: {
      low: sumValues(trained.map(({ gpuHours }) => gpuHours.low)),
      high: sumValues(trained.map(({ gpuHours }) => gpuHours.high)),
    },
    diskGB: sumValues([...trained, ...mixtures.map(({ mixture }) => mixture)].map(({ diskGB }) => diskGB)),
    findings: listNewFindings(base.plan, head.plan),
  };
}

/** True if anything would run. */
export function hasRuns({ changes, mixtures, otherSteps }: SnapshotComparison): boolean {
  return changes.length + mixtures.length + otherSteps.length > 0;
}
