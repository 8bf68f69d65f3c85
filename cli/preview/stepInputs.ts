import { parse } from "yaml";
import type { ComparedManifest } from "./previewSnapshot.ts";

/** Leaves of a value by their path: `recipe.learning_rate` → `0.00004`. */
type InputLeaves = ReadonlyMap<string, string>;

/** What a step is told, by the benchmark that it asks; what is told to no benchmark alone is under an empty name. */
export type StepInputs = ReadonlyMap<string, InputLeaves>;

/** A member of a list says its name, too, if it has one: `5 (the-stack)`. */
function formatLeafKey(list: object, key: string, member: unknown): string {
  return Array.isArray(list) && typeof member === "object" && member !== null && "name" in member
    ? `${key} (${String(member.name)})`
    : key;
}

function* walkLeaves(value: unknown, path: string): Generator<[string, string]> {
  if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value))
      yield* walkLeaves(member, path === "" ? key : `${path}.${formatLeafKey(value, key, member)}`);
  } else if (value !== undefined) {
    yield [path, typeof value === "string" ? value : JSON.stringify(value)];
  }
}

interface ContainerLike {
  readonly image?: unknown;
  readonly args?: unknown[];
  readonly env?: { name?: unknown; value?: unknown }[];
}

/** All objects that look like a container, wherever a manifest has them. */
function collectContainers(value: unknown): ContainerLike[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(collectContainers);
  return "env" in value && Array.isArray(value.env) ? [value as ContainerLike, ...inside] : inside;
}

function parseContainerSpec({ env = [] }: ContainerLike): Record<string, unknown> {
  const text = env.find(({ name }) => name === "MIXCPT_SPEC")?.value;
  return typeof text === "string" ? (parse(text) as Record<string, unknown>) : {};
}

/** Where results go, and what their publisher notes, follows from everything else. */
const ignoredSpecKeys = {
  output: undefined,
  scores: undefined,
  run: undefined,
  configMap: undefined,
  evaluationImage: undefined,
};

function collectLeaves(container: ContainerLike): InputLeaves {
  const image = typeof container.image === "string" ? container.image : undefined;
  return new Map(walkLeaves({ ...parseContainerSpec(container), ...ignoredSpecKeys, image }, ""));
}

/** The study's benchmarks are asked by a command of their name; any other tells its name. */
function findBenchmarkName(container: ContainerLike): string {
  const { benchmarks, benchmark } = parseContainerSpec(container) as {
    benchmarks?: unknown;
    benchmark?: { name?: string };
  };
  const isAsked = typeof benchmarks === "string" && "checkpoint" in parseContainerSpec(container);
  return isAsked ? (benchmark?.name ?? String(container.args?.[0])) : "";
}

/** What a step is told and runs in. */
export function readStepInputs(manifest: ComparedManifest): StepInputs {
  const groups = Map.groupBy(collectContainers(manifest), findBenchmarkName);
  return new Map(
    [...groups].map(([name, containers]) => [
      name,
      new Map(containers.flatMap((container) => [...collectLeaves(container)])),
    ]),
  );
}

/** Where a data step writes. */
export function findOutputPath(manifest: ComparedManifest): string | undefined {
  return collectContainers(manifest)
    .map((container) => parseContainerSpec(container)["output"])
    .find((output): output is string => typeof output === "string");
}

export interface InputChange {
  readonly input: string;
  /** `unset` where there was, or is, none. */
  readonly old: string;
  readonly new: string;
}

const unsetValue = "unset";

function diffLeaves(before: InputLeaves, after: InputLeaves): InputChange[] {
  const inputs = [...new Set([...before.keys(), ...after.keys()])];
  return inputs
    .map((input) => ({ input, old: before.get(input) ?? unsetValue, new: after.get(input) ?? unsetValue }))
    .filter((cause) => cause.old !== cause.new);
}

function describePresence(leaves: InputLeaves | undefined): string {
  return leaves === undefined ? "not asked" : "asked";
}

/** What differs between the inputs of two steps: once where it differs so for all benchmarks, else with the benchmark's name. */
export function findInputChanges(before: StepInputs, after: StepInputs): InputChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const kept = names.filter((name) => before.has(name) && after.has(name));
  const benchmarks = kept.filter((name) => name !== "");
  const all = kept.flatMap((name) =>
    diffLeaves(before.get(name) ?? new Map(), after.get(name) ?? new Map()).map((cause) => ({ name, cause })),
  );
  const alike = Map.groupBy(all, ({ cause }) => JSON.stringify(cause));
  const said = [...alike.values()].flatMap((group) => {
    const shared =
      group.some(({ name }) => name === "") || benchmarks.every((name) => group.some((one) => one.name === name));
    return shared
      ? group.slice(0, 1).map(({ cause }) => cause)
      : group.map(({ name, cause }) => ({ ...cause, input: `${name}: ${cause.input}` }));
  });
  const others = names
    .filter((name) => !kept.includes(name))
    .map((name) => ({ input: name, old: describePresence(before.get(name)), new: describePresence(after.get(name)) }));
  return [...said, ...others];
}
