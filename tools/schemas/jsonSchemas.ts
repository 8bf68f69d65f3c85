import { z } from "zod";
import { doctorDocumentSchema } from "../../cli/commands/doctorDocument.ts";
import { previewDocumentSchema, upDocumentSchema } from "../../cli/runs/stackDocuments.ts";
import { preflightDocumentSchema } from "../../cli/preflight/preflightDocument.ts";
import { watchDocumentSchema } from "../../cli/watch/watchDocument.ts";
import { planDocumentSchema } from "../../jobs/plan/index.ts";
import { reportSchema } from "../../reporting/reportJson.ts";
import type { JsonSchema } from "./stackFileSchema.ts";
import { buildClusterFileJsonSchema, buildStackFileJsonSchema } from "./stackFileSchema.ts";

function convertOutputSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: "draft-7" });
}

/** Builds the JSON schemas of what people write and of what other programs read, by their file. */
export function buildJsonSchemas(): ReadonlyMap<string, JsonSchema> {
  return new Map([
    ["docs/stack.schema.json", buildStackFileJsonSchema()],
    ["docs/cluster.schema.json", buildClusterFileJsonSchema()],
    ["docs/plan.schema.json", convertOutputSchema(planDocumentSchema)],
    ["docs/report.schema.json", z.toJSONSchema(reportSchema)],
    ["docs/up.schema.json", convertOutputSchema(upDocumentSchema)],
    ["docs/preview.schema.json", convertOutputSchema(previewDocumentSchema)],
    ["docs/watch.schema.json", convertOutputSchema(watchDocumentSchema)],
    ["docs/doctor.schema.json", convertOutputSchema(doctorDocumentSchema)],
    ["docs/preflight.schema.json", convertOutputSchema(preflightDocumentSchema)],
  ]);
}

export function formatJsonSchema(schema: JsonSchema): string {
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
