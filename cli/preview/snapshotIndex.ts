import { cellLabel, stepLabel } from "../../jobs/kube/objectLabels.ts";
import type { CellDocument, MixtureDocument, ModelDocument, PlanDocument } from "../../jobs/plan/index.ts";
import type { ComparedManifest, PreviewSnapshot } from "./snapshotSchema.ts";
import type { InputChange } from "./stepInputs.ts";
import { findInputChanges, findOutputPath, readStepInputs } from "./stepInputs.ts";

/** One stack of a snapshot. Cells, mixtures and steps are found within it: ids repeat in other stacks of a family. */
export interface IndexedStack {
  readonly stack: string;
  /** Undefined in snapshots of older commits. */
  readonly cluster: string | undefined;
  readonly deployed: boolean;
  /** The reason why a deployment refuses the stack, and the part of it that `up` itself does not find. */
  readonly refusal: string | undefined;
  readonly violation: string | undefined;
  readonly cells: ReadonlyMap<string, CellDocument>;
  readonly mixtures: ReadonlyMap<string, MixtureDocument>;
  readonly models: ReadonlyMap<string, ModelDocument>;
  readonly evaluationGpuHours: Readonly<Record<string, number>>;
  readonly findings: PlanDocument["findings"];
  /** Price of a GPU-hour, if the stack has one. */
  readonly price: { readonly perGpuHour: number; readonly currency: string } | undefined;
  /** Objects by kind and name: `TrainJob/l3-bi-stag-1a2b3c4d`. */
  readonly objects: ReadonlyMap<string, ComparedManifest>;
  /** Steps of cells and base models by slug and step. */
  readonly steps: ReadonlyMap<string, ComparedManifest>;
}

type StackDocument = PlanDocument["stacks"][number];

function findPrice({ cost, currency, gpuHours }: StackDocument["totals"]): IndexedStack["price"] {
  if (cost === null || currency === null || gpuHours.high === 0) return undefined;
  return { perGpuHour: cost / gpuHours.high, currency };
}

export function getCellSlug({ metadata: { labels } }: ComparedManifest): string | undefined {
  return labels?.[cellLabel];
}

export function formatObjectName({ kind, metadata }: ComparedManifest): string {
  return `${kind}/${metadata.name}`;
}

function formatStepKey(slug: string, step: string): string {
  return `${slug} ${step}`;
}

function indexSteps(manifests: readonly ComparedManifest[]): Map<string, ComparedManifest> {
  const entries = manifests.flatMap((manifest): [string, ComparedManifest][] => {
    const slug = getCellSlug(manifest);
    return slug === undefined ? [] : [[formatStepKey(slug, manifest.metadata.labels?.[stepLabel] ?? ""), manifest]];
  });
  return new Map(entries);
}

export function findStep({ steps }: IndexedStack, slug: string, step: "train" | "evaluate") {
  return steps.get(formatStepKey(slug, step));
}

function indexStack(document: StackDocument, { manifests, stacks, plan }: PreviewSnapshot): IndexedStack {
  const { stack, cells, mixtures = [], models = [], totals } = document;
  const facts = stacks?.[stack];
  const stackManifests = manifests[stack] ?? [];
  return {
    stack,
    cluster: facts?.cluster,
    deployed: facts?.deployed ?? true,
    refusal: facts?.refusal ?? facts?.violation,
    violation: facts?.violation,
    cells: new Map(cells.map((cell) => [cell.id, cell])),
    mixtures: new Map(mixtures.map((mixture) => [mixture.id, mixture])),
    models: new Map(models.map((model) => [model.id, model])),
    evaluationGpuHours: facts?.evaluationGpuHours ?? {},
    findings: facts?.findings ?? plan.findings,
    price: findPrice(totals),
    objects: new Map(stackManifests.map((manifest) => [formatObjectName(manifest), manifest])),
    steps: indexSteps(stackManifests),
  };
}

/** A snapshot with its stacks by name, and the steps that write to a path of the store. */
export interface IndexedSnapshot {
  readonly stacks: ReadonlyMap<string, IndexedStack>;
  readonly findWriter: (path: string) => ComparedManifest | undefined;
}

/** Indexes the steps by their output only when a path is looked up: most comparisons need none. */
function createWriterLookup(manifests: PreviewSnapshot["manifests"]): IndexedSnapshot["findWriter"] {
  let writers: Map<string, ComparedManifest> | undefined;
  return (path) => {
    writers ??= new Map(
      Object.values(manifests)
        .flat()
        .flatMap((manifest) => {
          const output = findOutputPath(manifest);
          return output === undefined ? [] : [[output, manifest] as const];
        }),
    );
    return writers.get(path);
  };
}

export function indexSnapshot(snapshot: PreviewSnapshot): IndexedSnapshot {
  const stacks = snapshot.plan.stacks.map((document) => indexStack(document, snapshot));
  return {
    stacks: new Map(stacks.map((indexed) => [indexed.stack, indexed])),
    findWriter: createWriterLookup(snapshot.manifests),
  };
}

/** The two sides of a comparison: base and head. */
export type SnapshotSides = readonly [IndexedSnapshot, IndexedSnapshot];

/** Replaces a changed input path by the changed inputs of the step that writes it, if the manifests contain it. */
function expandCause(cause: InputChange, [before, after]: SnapshotSides): InputChange[] {
  if (!cause.old.startsWith("/") || !cause.new.startsWith("/")) return [cause];
  const [oldStep, newStep] = [before.findWriter(cause.old), after.findWriter(cause.new)];
  if (oldStep === undefined || newStep === undefined) return [cause];
  return findInputChanges(readStepInputs(oldStep), readStepInputs(newStep)).map((inner) => ({
    ...inner,
    input: `${cause.input}: ${inner.input}`,
  }));
}

/** Lists the inputs that make a step another one. */
export function findStepCauses(
  [oldStep, newStep]: readonly [ComparedManifest | undefined, ComparedManifest],
  sides: SnapshotSides,
): InputChange[] {
  if (oldStep === undefined) return [];
  return findInputChanges(readStepInputs(oldStep), readStepInputs(newStep)).flatMap((cause) =>
    expandCause(cause, sides),
  );
}
