import { cellLabel, stepLabel } from "../../jobs/kube/labels.ts";
import type { CellDocument, PlanDocument } from "../../jobs/plan/index.ts";
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

export interface Comparison {
  changes: readonly Change[];
  /** Names of the steps that would run besides: of data, and evaluations of base models. */
  besides: readonly string[];
  /** Cells that are no longer there; what they made stays. */
  gone: readonly string[];
  /** Of the cells that are trained, at both ends. */
  gpuHours: { low: number; high: number };
  diskGB: number;
  findings: PlanDocument["findings"];
}

type Side = Pick<Snapshot, "manifests"> & { cells: ReadonlyMap<string, { stack: string; cell: CellDocument }> };

function sideOf({ plan, manifests }: Snapshot): Side {
  const cells = plan.stacks.flatMap(({ stack, cells: some }) => some.map((cell) => [cell.id, { stack, cell }] as const));
  return { manifests, cells: new Map(cells) };
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

const namesIn = ({ manifests }: Side): Set<string> => new Set(Object.values(manifests).flat().map(({ kind, metadata }) => `${kind}/${metadata.name}`));

const slugOf = ({ metadata: { labels } }: Manifest): string | undefined => labels?.[cellLabel];

/** Steps that only the second side has, and that are no cell's training or evaluation. */
function newBesides(before: Side, after: Side): string[] {
  const known = namesIn(before);
  const slugs = new Set([...after.cells.values()].map(({ cell }) => cell.slug));
  const ofCell = (step: Manifest): boolean => step.metadata.labels?.[stepLabel] !== "data" && slugs.has(slugOf(step) ?? "");
  const fresh = Object.values(after.manifests).flat().filter((step) => !ofCell(step) && !known.has(`${step.kind}/${step.metadata.name}`));
  return [...new Set(fresh.map(({ metadata }) => metadata.name))];
}

/** Findings of the second plan that are not in the first, or that more cells have. */
function newFindings(before: PlanDocument, after: PlanDocument): PlanDocument["findings"] {
  const known = new Set(before.findings.flatMap(({ rule, cells }) => cells.map((cell) => `${rule} ${cell}`)));
  return after.findings.flatMap((finding) => {
    const cells = finding.cells.filter((cell) => !known.has(`${finding.rule} ${cell}`));
    return cells.length === 0 ? [] : [{ ...finding, cells }];
  });
}

/** What the second commit would run that the first has run, or would have. */
export function compare(base: Snapshot, head: Snapshot): Comparison {
  const [before, after] = [sideOf(base), sideOf(head)];
  const changes = [...after.cells.values()].flatMap((one) => changeOf(one, [before, after]));
  const trained = changes.filter(({ why }) => why !== "evaluated again").map(({ cell }) => cell.estimate);
  const sum = (pick: (one: CellDocument["estimate"]) => number): number => trained.reduce((total, one) => total + pick(one), 0);
  return {
    changes,
    besides: newBesides(before, after),
    gone: [...before.cells.keys()].filter((id) => !after.cells.has(id)),
    gpuHours: { low: sum(({ gpuHours }) => gpuHours.low), high: sum(({ gpuHours }) => gpuHours.high) },
    diskGB: sum(({ diskGB }) => diskGB),
    findings: newFindings(base.plan, head.plan),
  };
}

/** Whether anything would run. */
export const runsSomething = ({ changes, besides }: Comparison): boolean => changes.length + besides.length > 0;
