import { parse } from "yaml";
import type { Manifest } from "./snapshot.ts";

/** Leaves of a value by their path: `recipe.learning_rate` → `0.00004`. */
export type Leaves = ReadonlyMap<string, string>;

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
  name?: unknown;
  image?: unknown;
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

/** What a step is told and runs in. */
export function inputsOf(manifest: Manifest): Leaves {
  const containers = containersIn(manifest).map((container) => {
    const { image } = container;
    return [...leavesIn({ ...specOf(container), ...places, image: typeof image === "string" ? image : undefined }, "")];
  });
  return new Map(containers.flat());
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

/** What differs between the inputs of two steps. */
export function causes(before: Leaves, after: Leaves): Cause[] {
  const inputs = [...new Set([...before.keys(), ...after.keys()])];
  return inputs
    .map((input) => ({ input, old: before.get(input) ?? unset, new: after.get(input) ?? unset }))
    .filter((cause) => cause.old !== cause.new);
}
