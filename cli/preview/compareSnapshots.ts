import { cellLabel, stepLabel } from "../../jobs/kube/objectLabels.ts";
import type { CellDocument, MixtureDocument, PlanDocument } from "../../jobs/plan/index.ts";
import type { InputChange } from "./stepInputs.ts";
import { findInputChanges, readStepInputs, findOutputPath } from "./stepInputs.ts";
import type { ComparedManifest, PreviewSnapshot } from "./previewSnapshot.ts";

/** A cell that would run, and why. */
export interface CellChange {
  readonly stack: string;
  readonly cell: CellDocument;
  readonly reason: "new" | "trained again" | "evaluated again";
  readonly causes: readonly InputChange[];
}

/** A mixture that would be made, and why. */
export interface MixtureChange {
  readonly mixture: MixtureDocument;
  readonly reason: "new" | "made again";
  readonly causes: readonly InputChange[];
}

export interface SnapshotComparison {
  readonly changes: readonly CellChange[];
  readonly mixtures: readonly MixtureChange[];
  /** Names of the steps that would run besides: of data, and evaluations of base models. */
  readonly otherSteps: readonly string[];
  /** Cells and mixtures that are no longer there; what they made stays. */
  readonly removed: readonly string[];
  /** Of the cells that are trained, at both ends. */
  readonly gpuHours: { low: number; high: number };
  /** Of the cells that are trained and the mixtures that are made. */
  readonly diskGB: number;
  readonly findings: PlanDocument["findings"];
}

type IndexedSnapshot = Pick<PreviewSnapshot, "manifests"> & {
  cells: ReadonlyMap<string, { stack: string; cell: CellDocument }>;
  mixtures: ReadonlyMap<string, MixtureDocument>;
};

/** A plan from before there were mixtures in plans has none. */
function indexSnapshot({ plan, manifests }: PreviewSnapshot): IndexedSnapshot {
  const cells = plan.stacks.flatMap(({ stack, cells: some }) =>
    some.map((cell) => [cell.id, { stack, cell }] as const),
  );
  const mixtures = plan.stacks.flatMap(({ mixtures: some = [] }) =>
    some.map((mixture) => [mixture.id, mixture] as const),
  );
  return { manifests, cells: new Map(cells), mixtures: new Map(mixtures) };
}

function findCellStep(
  { manifests }: IndexedSnapshot,
  { stack, slug, step }: { stack: string; slug: string; step: string },
): ComparedManifest | undefined {
  return manifests[stack]?.find(
    ({ metadata: { labels } }) => labels?.[cellLabel] === slug && labels[stepLabel] === step,
  );
}

/** A data step by the path that it fills. */
function findDataStep({ manifests }: IndexedSnapshot, path: string): ComparedManifest | undefined {
  return Object.values(manifests)
    .flat()
    .find((manifest) => findOutputPath(manifest) === path);
}

/** Where an input is what a data step made, the differences of that step, if it is among the manifests. */
function expandCause(cause: InputChange, before: IndexedSnapshot, after: IndexedSnapshot): InputChange[] {
  if (!cause.old.startsWith("/") || !cause.new.startsWith("/")) return [cause];
  const [old, made] = [findDataStep(before, cause.old), findDataStep(after, cause.new)];
  if (old === undefined || made === undefined) return [cause];
  return findInputChanges(readStepInputs(old), readStepInputs(made)).map((inner) => ({
    ...inner,
    input: `${cause.input}: ${inner.input}`,
  }));
}

function findStepCauses(
  old: ComparedManifest,
  now: ComparedManifest,
  [before, after]: readonly [IndexedSnapshot, IndexedSnapshot],
): InputChange[] {
  return findInputChanges(readStepInputs(old), readStepInputs(now)).flatMap((cause) =>
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
  for (const [step, why] of [
    ["train", "trained again"],
    ["evaluate", "evaluated again"],
  ] as const) {
    const [old, now] = findStepPair(step);
    if (now !== undefined && old?.metadata.name !== now.metadata.name)
      return [{ stack, cell, reason: why, causes: old === undefined ? [] : findStepCauses(old, now, sides) }];
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
  const [old, now] = [findMixtureJob(before, known), findMixtureJob(after, mixture)];
  return [
    {
      mixture,
      reason: "made again",
      causes: old === undefined || now === undefined ? [] : findStepCauses(old, now, sides),
    },
  ];
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

/** Steps that only the second side has, and that make no mixture of its plan and are no cell's training or evaluation. */
function listOtherSteps(before: IndexedSnapshot, after: IndexedSnapshot): string[] {
  const known = collectManifestNames(before);
  const slugs = new Set([...after.cells.values()].map(({ cell }) => cell.slug));
  const mixtures = new Set([...after.mixtures.values()].map(({ job }) => job));
  const isCellStep = (step: ComparedManifest): boolean =>
    step.metadata.labels?.[stepLabel] !== "data" && slugs.has(getCellSlug(step) ?? "");
  const fresh = Object.values(after.manifests)
    .flat()
    .filter((step) => !isCellStep(step) && !known.has(`${step.kind}/${step.metadata.name}`));
  return [...new Set(fresh.map(({ metadata }) => metadata.name))].filter((name) => !mixtures.has(name));
}

/** Findings of the second plan that are not in the first, or that more cells have. */
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

/** Names that only the first side has. */
function listRemovedIds(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] {
  return [...before.keys()].filter((id) => !after.has(id));
}

/** What the second commit would run that the first has run, or would have. */
export function compareSnapshots(base: PreviewSnapshot, head: PreviewSnapshot): SnapshotComparison {
  const [before, after] = [indexSnapshot(base), indexSnapshot(head)];
  const changes = [...after.cells.values()].flatMap((one) => compareCell(one, [before, after]));
  const mixtures = [...after.mixtures.values()].flatMap((mixture) => compareMixture(mixture, [before, after]));
  const trained = changes.filter(({ reason: why }) => why !== "evaluated again").map(({ cell }) => cell.estimate);
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

/** Whether anything would run. */
export function hasRuns({ changes, mixtures, otherSteps: besides }: SnapshotComparison): boolean {
  return changes.length + mixtures.length + besides.length > 0;
}
