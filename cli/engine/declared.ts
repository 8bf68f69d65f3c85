import { existsSync, readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { checkout } from "../../infra/environment.ts";
import { nearest } from "../../jobs/matrix/problems.ts";

/** The two Pulumi projects: the experiments in the root, the cluster in infra/. */
export const directories = { mixcpt: checkout, "mixcpt-infra": resolve(checkout, "infra") } as const;
export type ProjectName = keyof typeof directories;

const stackFile = (project: ProjectName, stack: string): string => resolve(directories[project], `Pulumi.${stack}.yaml`);

/** Stacks that have a `Pulumi.STACK.yaml`. */
export function declaredStacks(project: ProjectName): string[] {
  return readdirSync(directories[project]).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/** @throws Error that names the stacks there are */
export function refuseUnknownStack(project: ProjectName, stack: string): void {
  if (existsSync(stackFile(project, stack))) return;
  const declared = declaredStacks(project);
  const like = nearest(stack, declared);
  const hint = like === undefined ? "" : `; did you mean "${like}"?`;
  throw new Error(`stack "${stack}" is unknown: there is no Pulumi.${stack}.yaml in ${directories[project]}. Stacks: ${declared.join(", ")}${hint}`);
}

const stackSchema = z.object({ config: z.record(z.string(), z.unknown()).nullish() }).nullable();

/** @throws Error that names the file where it is no YAML, or not a stack's */
function parsed(file: string, text: string): z.infer<typeof stackSchema> {
  const document = parseDocument(text);
  if (document.errors.length > 0) throw new Error(`${file} is not YAML:\n${document.errors.map(({ message }) => message.trimEnd()).join("\n")}`);
  const result = stackSchema.safeParse(document.toJS());
  if (!result.success) throw new Error(`${file} cannot be used: below config it holds one line per key, such as "mixcpt:family: viking"`);
  return result.data;
}

/**
 * The map `config` of a stack's file, without Pulumi.
 * @throws Error for a stack that there is not, and for a file that is none of a stack
 */
export function stackValues(project: ProjectName, stack: string): Readonly<Record<string, unknown>> {
  refuseUnknownStack(project, stack);
  return parsed(`Pulumi.${stack}.yaml`, readFileSync(stackFile(project, stack), "utf8"))?.config ?? {};
}
