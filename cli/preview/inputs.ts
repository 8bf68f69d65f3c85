import { parse } from "yaml";
import type { Manifest } from "./snapshot.ts";

/** Leaves of a value by their path: `recipe.learning_rate` → `0.00004`. */
type Leaves = ReadonlyMap<string, string>;

/** What a step is told, by the benchmark that it asks; what is told to no benchmark alone is under an empty name. */
export type Inputs = ReadonlyMap<string, Leaves>;

/** A member of a list says its name, too, if it has one: `5 (the-stack)`. */
const keyOf = (list: object, key: string, member: unknown): string =>
  Array.isArray(list) && typeof member === "object" && member !== null && "name" in member ? `${key} (${String(member.name)})` : key;

function* leavesIn(value: unknown, path: string): Generator<[string, string]> {
  if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) yield* leavesIn(member, path === "" ? key : `${path}.${keyOf(value, key, member)}`);
  } else if (value !== undefined) {
    yield [path, typeof value === "string" ? value : JSON.stringify(value)];
  }
}

interface Container {
  image?: unknown;
  args?: unknown[];
  env?: { name?: unknown; value?: unknown }[];
}

/** All objects that look like a container, wherever a manifest has them. */
function containersIn(value: unknown): Container[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(containersIn);
  return "env" in value && Array.isArray(value.env) ? [value as Container, ...inside] : inside;
}

function specOf({ env = [] }: Container): Record<string, unknown> {
  const text = env.find(({ name }) => name === "MIXCPT_SPEC")?.value;
  return typeof text === "string" ? (parse(text) as Record<string, unknown>) : {};
}

/** Where results go, and what their publisher notes, follows from everything else. */
const places = { output: undefined, scores: undefined, run: undefined, configMap: undefined, evaluationImage: undefined };

const leavesOf = (container: Container): Leaves => {
  const image = typeof container.image === "string" ? container.image : undefined;
  return new Map(leavesIn({ ...specOf(container), ...places, image }, ""));
};

/** The study's benchmarks are asked by a command of their name; any other tells its name. */
function benchmarkOf(container: Container): string {
  const { benchmarks, benchmark } = specOf(container) as { benchmarks?: unknown; benchmark?: { name?: string } };
  const isAsked = typeof benchmarks === "string" && "checkpoint" in specOf(container);
  return isAsked ? (benchmark?.name ?? String(container.args?.[0])) : "";
}

/** What a step is told and runs in. */
export function inputsOf(manifest: Manifest): Inputs {
  const groups = Map.groupBy(containersIn(manifest), benchmarkOf);
  return new Map([...groups].map(([name, containers]) => [name, new Map(containers.flatMap((container) => [...leavesOf(container)]))]));
}

/** Where a data step writes. */
export const outputOf = (manifest: Manifest): string | undefined =>
  containersIn(manifest).map((container) => specOf(container)["output"]).find((output): output is string => typeof output === "string");

export interface Cause {
  input: string;
  /** `unset` where there was, or is, none. */
  old: string;
  new: string;
}

const unset = "unset";

function differences(before: Leaves, after: Leaves): Cause[] {
  const inputs = [...new Set([...before.keys(), ...after.keys()])];
  return inputs
    .map((input) => ({ input, old: before.get(input) ?? unset, new: after.get(input) ?? unset }))
    .filter((cause) => cause.old !== cause.new);
}

const asked = (leaves: Leaves | undefined): string => (leaves === undefined ? "not asked" : "asked");

/** What differs between the inputs of two steps: once where it differs so for all benchmarks, else with the benchmark's name. */
export function causes(before: Inputs, after: Inputs): Cause[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const kept = names.filter((name) => before.has(name) && after.has(name));
  const benchmarks = kept.filter((name) => name !== "");
  const all = kept.flatMap((name) => differences(before.get(name) ?? new Map(), after.get(name) ?? new Map()).map((cause) => ({ name, cause })));
  const alike = Map.groupBy(all, ({ cause }) => JSON.stringify(cause));
  const said = [...alike.values()].flatMap((group) => {
    const shared = group.some(({ name }) => name === "") || benchmarks.every((name) => group.some((one) => one.name === name));
    return shared ? group.slice(0, 1).map(({ cause }) => cause) : group.map(({ name, cause }) => ({ ...cause, input: `${name}: ${cause.input}` }));
  });
  const others = names.filter((name) => !kept.includes(name)).map((name) => ({ input: name, old: asked(before.get(name)), new: asked(after.get(name)) }));
  return [...said, ...others];
}
