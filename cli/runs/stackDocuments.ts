import { z } from "zod";
import type { StackResult } from "./eachStack.ts";

const changesSchema = z
  .record(z.string(), z.int())
  .describe("number of resources by Pulumi's operation, such as create, update, delete, same");

const errorSchema = z.string().nullable().describe("the message that the command prints; null if there is none");

/** One entry per stack: its name, these fields, and the error. */
function buildDocumentSchema<Fields extends z.core.$ZodLooseShape>(fields: Fields) {
  return z.strictObject({ stacks: z.array(z.strictObject({ stack: z.string(), ...fields, error: errorSchema })) });
}

/** The output of `mixcpt up --json`. Other programs read it: keys are added, never renamed or removed. */
export const upDocumentSchema = buildDocumentSchema({
  outcome: z.enum(["submitted", "refused"]).describe("refused also if the submission failed"),
  changes: changesSchema,
  seconds: z.number(),
});
type UpDocument = z.infer<typeof upDocumentSchema>;

const resourceNamesSchema = z.array(z.string()).describe("names of resources, which are those of their objects");

/** The output of `mixcpt preview --json`. Other programs read it: keys are added, never renamed or removed. */
export const previewDocumentSchema = buildDocumentSchema({
  outcome: z.enum(["allowed", "refused"]).describe("what up would answer"),
  created: resourceNamesSchema,
  deleted: resourceNamesSchema,
});
export type PreviewDocument = z.infer<typeof previewDocumentSchema>;

export function buildUpDocument(results: readonly StackResult[]): UpDocument {
  return {
    stacks: results.map(({ stack, changes, error, seconds }) => ({
      stack,
      outcome: error === undefined ? "submitted" : "refused",
      changes: { ...changes?.resourceChanges },
      seconds,
      error: error ?? null,
    })),
  };
}
