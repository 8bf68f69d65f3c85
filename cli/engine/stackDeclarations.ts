import { existsSync, readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import type { YAMLParseError } from "yaml";
import { parseDocument } from "yaml";
import { z } from "zod";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { findNearestWord } from "../../validation/suggestions.ts";

/** The folders of the two Pulumi projects: the experiments in the root, the cluster in infra/. */
export const projectDirectories = {
  mixcpt: checkoutDirectory,
  "mixcpt-infra": resolve(checkoutDirectory, "infra"),
} as const;
export type ProjectName = keyof typeof projectDirectories;

/** The name of a stack's file, relative to the checkout. */
export function formatStackFileName(project: ProjectName, stack: string): string {
  return `${project === "mixcpt" ? "" : "infra/"}Pulumi.${stack}.yaml`;
}

const docsPages = { mixcpt: "docs/stacks.md", "mixcpt-infra": "docs/cluster.md" } as const satisfies Record<
  ProjectName,
  string
>;

function resolveStackFile(project: ProjectName, stack: string): string {
  return resolve(projectDirectories[project], `Pulumi.${stack}.yaml`);
}

/** Names of the stacks that have a `Pulumi.STACK.yaml`, in alphabetical order. */
export function listDeclaredStacks(project: ProjectName): string[] {
  return readdirSync(projectDirectories[project])
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

/** True for a stack of the project's own tests. It can be named, but help texts and errors do not list it. */
export function isTestStack(stack: string): boolean {
  return /^test(-|$)/.test(stack);
}

/** Names of the declared stacks that help texts and errors list. */
export function listOfferedStacks(project: ProjectName): string[] {
  return listDeclaredStacks(project).filter((stack) => !isTestStack(stack));
}

/** @throws Error for an unknown stack, with the known ones and the file that would add another */
export function refuseUnknownStack(project: ProjectName, stack: string): void {
  if (existsSync(resolveStackFile(project, stack))) return;
  const nearest = findNearestWord(stack, listDeclaredStacks(project));
  const hint = nearest === undefined ? "" : ` (did you mean "${nearest}"?)`;
  throw new Error(
    `${project === "mixcpt" ? "stack" : "cluster"} "${stack}" is unknown; ` +
      `known: ${listOfferedStacks(project).join(", ")}${hint}; ` +
      `to add another, write ${formatStackFileName(project, stack)} (${docsPages[project]})`,
  );
}

/** The keys that Pulumi allows in a stack's file; users write only `config`. */
export const stackFileSchema = z
  .strictObject({
    config: z.record(z.string(), z.unknown()).nullish(),
    ...Object.fromEntries(
      ["secretsprovider", "encryptedkey", "encryptionsalt", "environment"].map((key) => [key, z.unknown().optional()]),
    ),
  })
  .nullable();

function describeYamlError({ code, message, pos: [start], linePos }: YAMLParseError, text: string): string {
  if (code !== "DUPLICATE_KEY") return message.trimEnd();
  const key = /^\s*(.+?):(?:\s|$)/.exec(text.slice(start))?.[1] ?? "a key";
  return `  ${key} is defined twice; the second definition is on line ${String(linePos?.[0].line)}`;
}

function refuseMalformedYaml(file: string, text: string, errors: readonly YAMLParseError[]): void {
  if (errors.length === 0) return;
  const isReadable = errors.every(({ code }) => code === "DUPLICATE_KEY");
  throw new Error(
    [
      isReadable ? `${file} cannot be used:` : `${file} is not YAML:`,
      ...errors.map((error) => describeYamlError(error, text)),
    ].join("\n"),
  );
}

/** @throws Error that names the file if it is not YAML or not a stack's file */
function parseStackYaml(file: string, text: string): z.infer<typeof stackFileSchema> {
  const document = parseDocument(text);
  refuseMalformedYaml(file, text, document.errors);
  const result = stackFileSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  const misplaced = result.error.issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : []));
  if (misplaced.length > 0)
    throw new Error(
      [`${file} cannot be used:`, ...misplaced.map((key) => `  ${key} must be indented below config`)].join("\n"),
    );
  throw new Error(`${file} cannot be used: config must hold one line per key, such as "mixcpt:family: viking"`);
}

/**
 * Reads the map `config` of a stack's file without Pulumi.
 * @throws Error for an unknown stack, and for a file that is not a stack's
 */
export function readStackValues(project: ProjectName, stack: string): Readonly<Record<string, unknown>> {
  refuseUnknownStack(project, stack);
  return (
    parseStackYaml(formatStackFileName(project, stack), readFileSync(resolveStackFile(project, stack), "utf8"))
      ?.config ?? {}
  );
}

/** The cluster stack that an experiments stack runs on (`mixcpt:cluster`): "dev" by default or without a stack file. */
export function readClusterName(stack: string): string {
  const values = listDeclaredStacks("mixcpt").includes(stack) ? readStackValues("mixcpt", stack) : {};
  return String(values["mixcpt:cluster"] ?? "dev");
}

/** Reads a value of a stack's file; undefined if the file cannot be read, which the command itself reports. */
export function findStackValue(stack: string, key: "kind" | "protocol" | "corpora"): unknown {
  try {
    return readStackValues("mixcpt", stack)[`mixcpt:${key}`];
  } catch {
    return undefined;
  }
}

/** True for a stack that builds corpora. Reads its file. */
export function isCorporaStack(stack: string): boolean {
  return findStackValue(stack, "kind") === "corpora";
}

/** True for a stack that evaluates models without training. Reads its file. */
export function isEvaluationStack(stack: string): boolean {
  return findStackValue(stack, "kind") === "evaluation";
}

/**
 * Corpora first, because families wait for them, and evaluations last, because they may wait for weights of families;
 * otherwise in the given order.
 */
export function sortByDependency(stacks: readonly string[]): string[] {
  const rankStack = (stack: string): number => (isCorporaStack(stack) ? 0 : isEvaluationStack(stack) ? 2 : 1);
  return stacks.toSorted((a, b) => rankStack(a) - rankStack(b));
}
