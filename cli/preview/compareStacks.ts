import { stepLabel } from "../../jobs/kube/objectLabels.ts";
import type { MixtureDocument, PlanDocument } from "../../jobs/plan/index.ts";
import type { CellChange, StackPair } from "./cellChanges.ts";
import { listCellChanges, listKnownObjects, listRemovedCells } from "./cellChanges.ts";
import type { IndexedStack } from "./snapshotIndex.ts";
import { findStepCauses, getCellSlug } from "./snapshotIndex.ts";
import type { ComparedManifest } from "./snapshotSchema.ts";
import type { InputChange } from "./stepInputs.ts";

/** A mixture that would be built, and the reason. */
export interface MixtureChange {
  readonly stack: string;
  readonly mixture: MixtureDocument;
  readonly reason: "new" | "moved" | "rebuilt";
  readonly causes: readonly InputChange[];
}

/** What a deployment of the head would do to one stack of the base. */
export interface StackComparison {
  readonly stack: string;
  readonly cluster: string | undefined;
  /** A removed stack is one whose file the head lacks. */
  readonly status: "new" | "kept" | "removed";
  readonly price: IndexedStack["price"];
  /** The reason why `up` refuses the stack: nothing below happens until that is fixed. */
  readonly refusal: string | undefined;
  /** True if the base is refused for the same reason. */
  readonly isKnownRefusal: boolean;
  readonly changes: readonly CellChange[];
  readonly mixtures: readonly MixtureChange[];
  /** Names of all other steps that would run, which prepare data and models. */
  readonly otherSteps: readonly string[];
  /** Ids of cells, models and mixtures that only the base has; their results are kept. */
  readonly removed: readonly string[];
  /** Objects by kind and name that would be submitted, and those that would be deleted. */
  readonly created: readonly string[];
  readonly deleted: readonly string[];
  readonly findings: PlanDocument["findings"];
}

function compareMixture(mixture: MixtureDocument, pair: StackPair): MixtureChange[] {
  const { earlier, later, sides } = pair;
  const { stack } = later;
  const known = earlier?.mixtures.get(mixture.id);
  if (earlier === undefined || known === undefined) return [{ stack, mixture, reason: "new", causes: [] }];
  const knownObjects = listKnownObjects(pair);
  const objectName = `JobSet/${mixture.job}`;
  if (knownObjects.has(objectName)) return [];
  const newJob = later.objects.get(objectName);
  const oldJob = knownObjects.get(`JobSet/${known.job}`);
  const reason = oldJob === undefined ? "moved" : "rebuilt";
  return [{ stack, mixture, reason, causes: newJob === undefined ? [] : findStepCauses([oldJob, newJob], sides) }];
}

/** Lists the submitted steps that no row names: they train and evaluate no cell or base model and build no mixture. */
function listOtherSteps({ mixtures }: IndexedStack, submitted: readonly ComparedManifest[]): string[] {
  const jobs = new Set([...mixtures.values()].map(({ job }) => job));
  const others = submitted.filter(
    (step) =>
      !jobs.has(step.metadata.name) &&
      (getCellSlug(step) === undefined || step.metadata.labels?.[stepLabel] === "data"),
  );
  return others.map(({ metadata }) => metadata.name);
}

/** Lists findings of the head that the base lacks, each with the cells that did not have it. */
function listNewFindings(earlier: IndexedStack | undefined, { findings, refusal }: IndexedStack) {
  const known = new Set((earlier?.findings ?? []).flatMap(({ rule, cells }) => cells.map((cell) => `${rule} ${cell}`)));
  return findings
    .filter(({ severity }) => refusal === undefined || severity !== "error")
    .flatMap((finding) => {
      const cells = finding.cells.filter((cell) => !known.has(`${finding.rule} ${cell}`));
      return cells.length === 0 ? [] : [{ ...finding, cells }];
    });
}

function listMissingKeys(from: ReadonlyMap<string, unknown>, others: ReadonlyMap<string, unknown>): string[] {
  return [...from.keys()].filter((key) => !others.has(key));
}

/** A stack that the base refuses was never submitted: all of it is new once it is accepted. */
function selectEarlier(before: IndexedStack | undefined, later: IndexedStack): IndexedStack | undefined {
  return before?.refusal !== undefined && later.refusal === undefined ? undefined : before;
}

/** Compares a stack of the head with its version in the base, which is undefined for a new stack. */
export function compareStack(before: IndexedStack | undefined, { later, sides }: Omit<StackPair, "earlier">) {
  const pair: StackPair = { earlier: selectEarlier(before, later), later, sides };
  const { stack, cluster, refusal, price } = later;
  const known = listKnownObjects(pair);
  const created = listMissingKeys(later.objects, known);
  const removedModels = listMissingKeys(pair.earlier?.models ?? new Map(), later.models);
  const removedMixtures = listMissingKeys(pair.earlier?.mixtures ?? new Map(), later.mixtures);
  const kept = known.size > 0 ? later.objects : new Map<string, unknown>();
  return {
    stack,
    cluster,
    status: before === undefined ? "new" : "kept",
    price,
    refusal,
    isKnownRefusal: refusal !== undefined && refusal === before?.refusal,
    changes: listCellChanges(pair),
    mixtures: [...later.mixtures.values()].flatMap((mixture) => compareMixture(mixture, pair)),
    otherSteps: listOtherSteps(
      later,
      created.flatMap((name) => later.objects.get(name) ?? []),
    ),
    removed: [...listRemovedCells(pair).map(({ id }) => id), ...removedModels, ...removedMixtures],
    created,
    deleted: listMissingKeys(pair.earlier?.objects ?? new Map(), kept),
    findings: listNewFindings(before, later),
  } satisfies StackComparison;
}

/** What a deployment does to a stack whose file the head lacks: after an approval it removes everything. */
export function compareRemovedStack(removedStack: IndexedStack) {
  const { stack, cluster, cells, mixtures, models, objects, refusal, price } = removedStack;
  const wasSubmitted = refusal === undefined;
  return {
    stack,
    cluster,
    status: "removed",
    price,
    refusal: undefined,
    isKnownRefusal: false,
    changes: [],
    mixtures: [],
    otherSteps: [],
    removed: wasSubmitted ? [...cells.keys(), ...models.keys(), ...mixtures.keys()] : [],
    created: [],
    deleted: wasSubmitted ? [...objects.keys()] : [],
    findings: [],
  } satisfies StackComparison;
}
