import { cellLabel, stepLabel } from "../../jobs/kube/labels.ts";
import type { CellDocument, MixtureDocument, PlanDocument } from "../../jobs/plan/index.ts";
import type { Cause } from "./inputs.ts";
import { causes, inputsOf, outputOf } from "./inputs.ts";
import type { Manifest, Snapshot } from "./snapshot.ts";

/** A cell that would run, and why. */
export interface Change {
  stack: string;
  cell: CellDocument;
  why: "new" | "trained again" | "evaluated again";
  causes: readonly Cause[];
}

/** A mixture that would be made, and why. */
export interface MixtureChange {
  mixture: MixtureDocument;
  why: "new" | "made again";
  causes: readonly Cause[];
}

export interface Comparison {
  changes: readonly Change[];
  mixtures: readonly MixtureChange[];
  /** Names of the steps that would run besides: of data, and evaluations of base models. */
  besides: readonly string[];
  /** Cells and mixtures that are no longer there; what they made stays. */
  gone: readonly string[];
  /** Of the cells that are trained, at both ends. */
  gpuHours: { low: number; high: number };
  /** Of the cells that are trained and the mixtures that are made. */
  diskGB: number;
  findings: PlanDocument["findings"];
}

type Side = Pick<Snapshot, "manifests"> & {
  cells: ReadonlyMap<string, { stack: string; cell: CellDocument }>;
  mixtures: ReadonlyMap<string, MixtureDocument>;
};

/** A plan from before there were mixtures in plans has none. */
function sideOf({ plan, manifests }: Snapshot): Side {
  const cells = plan.stacks.flatMap(({ stack, cells: some }) => some.map((cell) => [cell.id, { stack, cell }] as const));
  const mixtures = plan.stacks.flatMap(({ mixtures: some = [] }) => some.map((mixture) => [mixture.id, mixture] as const));
  return { manifests, cells: new Map(cells), mixtures: new Map(mixtures) };
}

function stepOf({ manifests }: Side, { stack, slug, step }: { stack: string; slug: string; step: string }): Manifest | undefined {
  return manifests[stack]?.find(({ metadata: { labels } }) => labels?.[cellLabel] === slug && labels[stepLabel] === step);
}

/** A data step by the path that it fills. */
function makerOf({ manifests }: Side, path: string): Manifest | undefined {
  return Object.values(manifests).flat().find((manifest) => outputOf(manifest) === path);
}

/** Where an input is what a data step made, the differences of that step, if it is among the manifests. */
function deeper(cause: Cause, before: Side, after: Side): Cause[] {
  if (!cause.old.startsWith("/") || !cause.new.startsWith("/")) return [cause];
  const [old, made] = [makerOf(before, cause.old), makerOf(after, cause.new)];
  if (old === undefined || made === undefined) return [cause];
  return causes(inputsOf(old), inputsOf(made)).map((inner) => ({ ...inner, input: `${cause.input}: ${inner.input}` }));
}

function whyStep(old: Manifest, now: Manifest, [before, after]: readonly [Side, Side]): Cause[] {
  return causes(inputsOf(old), inputsOf(now)).flatMap((cause) => deeper(cause, before, after));
}

function changeOf({ stack, cell }: { stack: string; cell: CellDocument }, sides: readonly [Side, Side]): Change[] {
  const [before, after] = sides;
  const known = before.cells.get(cell.id);
  if (known === undefined) return [{ stack, cell, why: "new", causes: [] }];
  const pair = (step: string) => [stepOf(before, { stack: known.stack, slug: cell.slug, step }), stepOf(after, { stack, slug: cell.slug, step })] as const;
  for (const [step, why] of [["train", "trained again"], ["evaluate", "evaluated again"]] as const) {
    const [old, now] = pair(step);
    if (now !== undefined && old?.metadata.name !== now.metadata.name) return [{ stack, cell, why, causes: old === undefined ? [] : whyStep(old, now, sides) }];
  }
  return [];
}

const jobOf = ({ manifests }: Side, { job }: MixtureDocument): Manifest | undefined =>
  Object.values(manifests).flat().find(({ kind, metadata }) => kind === "JobSet" && metadata.name === job);

function mixtureChange(mixture: MixtureDocument, sides: readonly [Side, Side]): MixtureChange[] {
  const [before, after] = sides;
  const known = before.mixtures.get(mixture.id);
  if (known === undefined) return [{ mixture, why: "new", causes: [] }];
  if (known.job === mixture.job) return [];
  const [old, now] = [jobOf(before, known), jobOf(after, mixture)];
  return [{ mixture, why: "made again", causes: old === undefined || now === undefined ? [] : whyStep(old, now, sides) }];
}

const namesIn = ({ manifests }: Side): Set<string> => new Set(Object.values(manifests).flat().map(({ kind, metadata }) => `${kind}/${metadata.name}`));

const slugOf = ({ metadata: { labels } }: Manifest): string | undefined => labels?.[cellLabel];

/** Steps that only the second side has, and that make no mixture of its plan and are no cell's training or evaluation. */
function newBesides(before: Side, after: Side): string[] {
  const known = namesIn(before);
  const slugs = new Set([...after.cells.values()].map(({ cell }) => cell.slug));
  const mixtures = new Set([...after.mixtures.values()].map(({ job }) => job));
  const ofCell = (step: Manifest): boolean => step.metadata.labels?.[stepLabel] !== "data" && slugs.has(slugOf(step) ?? "");
  const fresh = Object.values(after.manifests).flat().filter((step) => !ofCell(step) && !known.has(`${step.kind}/${step.metadata.name}`));
  return [...new Set(fresh.map(({ metadata }) => metadata.name))].filter((name) => !mixtures.has(name));
}

/** Findings of the second plan that are not in the first, or that more cells have. */
function newFindings(before: PlanDocument, after: PlanDocument): PlanDocument["findings"] {
  const known = new Set(before.findings.flatMap(({ rule, cells }) => cells.map((cell) => `${rule} ${cell}`)));
  return after.findings.flatMap((finding) => {
    const cells = finding.cells.filter((cell) => !known.has(`${finding.rule} ${cell}`));
    return cells.length === 0 ? [] : [{ ...finding, cells }];
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Names that only the first side has. */
const goneFrom = (before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] => [...before.keys()].filter((id) => !after.has(id));

/** What the second commit would run that the first has run, or would have. */
export function compare(base: Snapshot, head: Snapshot): Comparison {
  const [before, after] = [sideOf(base), sideOf(head)];
  const changes = [...after.cells.values()].flatMap((one) => changeOf(one, [before, after]));
  const mixtures = [...after.mixtures.values()].flatMap((mixture) => mixtureChange(mixture, [before, after]));
  const trained = changes.filter(({ why }) => why !== "evaluated again").map(({ cell }) => cell.estimate);
  return {
    changes,
    mixtures,
    besides: newBesides(before, after),
    gone: [...goneFrom(before.cells, after.cells), ...goneFrom(before.mixtures, after.mixtures)],
    gpuHours: { low: sum(trained.map(({ gpuHours }) => gpuHours.low)), high: sum(trained.map(({ gpuHours }) => gpuHours.high)) },
    diskGB: sum([...trained, ...mixtures.map(({ mixture }) => mixture)].map(({ diskGB }) => diskGB)),
    findings: newFindings(base.plan, head.plan),
  };
}

/** Whether anything would run. */
export const runsSomething = ({ changes, mixtures, besides }: Comparison): boolean => changes.length + mixtures.length + besides.length > 0;
