import { existsSync, readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import type { YAMLParseError } from "yaml";
import { parseDocument } from "yaml";
import { z } from "zod";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { findNearestWord } from "../../validation/suggestions.ts";

/** The two Pulumi projects: the experiments in the root, the cluster in infra/. */
export const projectDirectories = {
  mixcpt: checkoutDirectory,
  "mixcpt-infra": resolve(checkoutDirectory, "infra"),
} as const;
export type ProjectName = keyof typeof projectDirectories;

/** The file of a stack as messages name it. */
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

/** Stacks that have a `Pulumi.STACK.yaml`. */
export function listDeclaredStacks(project: ProjectName): string[] {
  return readdirSync(projectDirectories[project])
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

/** @throws Error that names the stacks there are, and the file that would make another */
export function refuseUnknownStack(project: ProjectName, stack: string): void {
  if (existsSync(resolveStackFile(project, stack))) return;
  const declared = listDeclaredStacks(project);
  const like = findNearestWord(stack, declared);
  const hint = like === undefined ? "" : ` (did you mean "${like}"?)`;
  throw new Error(
    `${project === "mixcpt" ? "stack" : "cluster"} "${stack}" is unknown. There are: ${declared.join(", ")}${hint}; for another one write ${formatStackFileName(project, stack)} (${docsPages[project]})`,
  );
}

/** What Pulumi lets a stack's file say; only the configuration is the user's to write. */
const stackFileSchema = z
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
  return `  ${key} is written twice; the second is in line ${String(linePos?.[0].line)}`;
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

/** @throws Error that names the file where it is no YAML, or not a stack's */
function parseStackYaml(file: string, text: string): z.infer<typeof stackFileSchema> {
  const document = parseDocument(text);
  refuseMalformedYaml(file, text, document.errors);
  const result = stackFileSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  const beside = result.error.issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : []));
  if (beside.length > 0)
    throw new Error(
      [`${file} cannot be used:`, ...beside.map((key) => `  ${key} stands beside config; indent it below`)].join("\n"),
    );
  throw new Error(`${file} cannot be used: below config it holds one line per key, such as "mixcpt:family: viking"`);
}

/**
 * The map `config` of a stack's file, without Pulumi.
 * @throws Error for a stack that there is not, and for a file that is none of a stack
 */
export function readStackValues(project: ProjectName, stack: string): Readonly<Record<string, unknown>> {
  refuseUnknownStack(project, stack);
  return (
    parseStackYaml(formatStackFileName(project, stack), readFileSync(resolveStackFile(project, stack), "utf8"))
      ?.config ?? {}
  );
}
