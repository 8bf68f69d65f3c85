import { parse } from "yaml";
import { computedByAnnotation } from "../../jobs/kube/objectLabels.ts";
import type { ComparedManifest } from "./snapshotSchema.ts";

/** The leaves of a value by their path: `recipe.learning_rate` → `0.00004`. */
export type InputLeaves = ReadonlyMap<string, string>;

/** The inputs of a step by benchmark; inputs that belong to no single benchmark have an empty name. */
type StepInputs = ReadonlyMap<string, InputLeaves>;

/** The index of a list member, with its name if it has one: `5 (the-stack)`. */
function formatLeafKey(list: object, key: string, member: unknown): string {
  return Array.isArray(list) && typeof member === "object" && member !== null && "name" in member
    ? `${key} (${String(member.name)})`
    : key;
}

/** Yields the leaves of a value with their paths. */
export function* walkLeaves(value: unknown, path: string): Generator<[string, string]> {
  if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value))
      yield* walkLeaves(member, path === "" ? key : `${path}.${formatLeafKey(value, key, member)}`);
  } else if (value !== undefined) {
    yield [path, typeof value === "string" ? value : JSON.stringify(value)];
  }
}

interface ContainerLike {
  readonly args?: unknown[];
  readonly env?: { name?: unknown; value?: unknown }[];
}

/** Collects all objects in a manifest that look like a container, at any depth. */
function collectContainers(value: unknown): ContainerLike[] {
  if (typeof value !== "object" || value === null) return [];
  const nested = Object.values(value).flatMap(collectContainers);
  return "env" in value && Array.isArray(value.env) ? [value as ContainerLike, ...nested] : nested;
}

/** Remembers the results of a function for as long as its arguments exist. */
function rememberResults<Argument extends object, Result>(
  compute: (argument: Argument) => Result,
): (argument: Argument) => Result {
  const results = new WeakMap<Argument, Result>();
  return (argument) => {
    const known = results.get(argument);
    if (known !== undefined) return known;
    const result = compute(argument);
    results.set(argument, result);
    return result;
  };
}

/** Parses the spec of a container. Remembered, because parsing YAML takes most of the time of a comparison. */
const parseContainerSpec = rememberResults(({ env = [] }: ContainerLike): Record<string, unknown> => {
  const text = env.find(({ name }) => name === "MIXCPT_SPEC")?.value;
  return typeof text === "string" ? (parse(text) as Record<string, unknown>) : {};
});

/**
 * Keys that follow from the other inputs, and notes of the publisher. An image and `serving` decide nothing but how
 * work runs. Both a preview and the adoption of folders leave them out.
 */
const ignoredSpecKeys = {
  output: undefined,
  scores: undefined,
  expected: undefined,
  run: undefined,
  configMap: undefined,
  image: undefined,
  evaluationImage: undefined,
  serving: undefined,
};

/** Lists the leaves of a container's spec that are inputs. */
export function listSpecLeaves(spec: object): [string, string][] {
  return [...walkLeaves({ ...spec, ...ignoredSpecKeys }, "")];
}

/** Lists the specs of the containers of a step. */
export function listContainerSpecs(manifest: ComparedManifest): Readonly<Record<string, unknown>>[] {
  return collectContainers(manifest).map(parseContainerSpec);
}

/** Reads the device and the code that a step computes with, which no container's spec holds. */
export function readComputedBy({ metadata: { annotations } }: ComparedManifest): [string, string][] {
  const text = annotations?.[computedByAnnotation];
  return text === undefined ? [] : Object.entries(JSON.parse(text) as Record<string, string>);
}

/** Reads the number of nodes and of their processes that train together, which no container's spec holds. */
export function readWorldSize({ kind, spec }: ComparedManifest): [string, string][] {
  const { trainer = {} } = (kind === "TrainJob" ? spec : {}) as { trainer?: Readonly<Record<string, unknown>> };
  return ["numNodes", "numProcPerNode"].flatMap((name): [string, string][] =>
    trainer[name] === undefined ? [] : [[name, String(trainer[name])]],
  );
}

/** The benchmark that a container evaluates: the study's are named by the command, added ones by the spec. */
function findBenchmarkName(container: ContainerLike): string {
  const { benchmarks, benchmark } = parseContainerSpec(container) as {
    benchmarks?: unknown;
    benchmark?: { name?: string };
  };
  const isEvaluation = typeof benchmarks === "string" && "checkpoint" in parseContainerSpec(container);
  return isEvaluation ? (benchmark?.name ?? String(container.args?.[0])) : "";
}

/** Reads the spec, the processes, the device and the code of a step, grouped by benchmark. */
export const readStepInputs = rememberResults((manifest: ComparedManifest): StepInputs => {
  const groups = Map.groupBy(collectContainers(manifest), findBenchmarkName);
  const leaves = [...groups].map(
    ([name, containers]) => [name, containers.map(parseContainerSpec).flatMap(listSpecLeaves)] as const,
  );
  const common = leaves.find(([name]) => name === "")?.[1] ?? [];
  const all = [...leaves, ["", [...common, ...readWorldSize(manifest), ...readComputedBy(manifest)]] as const];
  return new Map(all.map(([name, entries]) => [name, new Map(entries)]));
});

/** The path that a data step writes to. */
export function findOutputPath(manifest: ComparedManifest): string | undefined {
  return collectContainers(manifest)
    .map((container) => parseContainerSpec(container)["output"])
    .find((output): output is string => typeof output === "string");
}

export interface InputChange {
  readonly input: string;
  /** `unset` if the input did not exist before; `new` likewise. */
  readonly old: string;
  readonly new: string;
}

const unsetValue = "unset";

/** Lists the leaves that differ. */
export function diffLeaves(before: InputLeaves, after: InputLeaves): InputChange[] {
  const inputs = [...new Set([...before.keys(), ...after.keys()])];
  return inputs
    .map((input) => ({ input, old: before.get(input) ?? unsetValue, new: after.get(input) ?? unsetValue }))
    .filter((cause) => cause.old !== cause.new);
}

function describePresence(leaves: InputLeaves | undefined): string {
  return leaves === undefined ? "not evaluated" : "evaluated";
}

/** Lists the changed inputs of a step: once if all benchmarks share the change, otherwise with the benchmark's name. */
export function findInputChanges(before: StepInputs, after: StepInputs): InputChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const common = names.filter((name) => before.has(name) && after.has(name));
  const benchmarks = common.filter((name) => name !== "");
  const changes = common.flatMap((name) =>
    diffLeaves(before.get(name) ?? new Map(), after.get(name) ?? new Map()).map((cause) => ({ name, cause })),
  );
  const equalChanges = Map.groupBy(changes, ({ cause }) => JSON.stringify(cause));
  const causes = [...equalChanges.values()].flatMap((group) => {
    const isShared =
      group.some(({ name }) => name === "") ||
      benchmarks.every((benchmark) => group.some(({ name }) => name === benchmark));
    return isShared
      ? group.slice(0, 1).map(({ cause }) => cause)
      : group.map(({ name, cause }) => ({ ...cause, input: `${name}: ${cause.input}` }));
  });
  const addedOrRemoved = names
    .filter((name) => !common.includes(name))
    .map((name) => ({ input: name, old: describePresence(before.get(name)), new: describePresence(after.get(name)) }));
  return [...causes, ...addedOrRemoved];
}
