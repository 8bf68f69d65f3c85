import { z } from "zod";
import { buildMapSchema, evenIfFieldsAreInvalid } from "../../validation/completeSchemas.ts";
import { labelSchema, labelValueSchema } from "../labelSchemas.ts";

const secretRule = "must be the name of a Secret: lower-case letters, digits, dashes and dots";

const operatorRule =
  "must be true or { labels: … }, the labels by which Prometheus selects, such as release: prometheus";

const monitoringSchema = z.strictObject({
  prometheusOperator: z
    .union([z.boolean(), z.strictObject({ labels: buildMapSchema(labelSchema, labelValueSchema) })], operatorRule)
    .exactOptional()
    .describe(
      "true, or the labels by which Prometheus selects, also creates a PodMonitor, a PrometheusRule and, with the " +
        "controllers, a ServiceMonitor of Kueue: the kinds of Prometheus Operator",
    ),
  webhookSecret: z
    .string(secretRule)
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, secretRule)
    .exactOptional()
    .describe("a Secret in the namespace of the experiments, with the address for events of cells in its key url"),
});

/** The field of a cluster's file about what others see of its cells. */
export const monitoringFields = {
  monitoring: monitoringSchema
    .exactOptional()
    .describe("metrics, a dashboard, alerts and events of cells, and progress in the status of TrainJobs; {} for all"),
};

/** A file from before the image `store` lacks it: pods that wait then use `evaluate`, which cannot monitor. */
const monitorImageSchema = z.object({
  monitoring: z.looseObject({}),
  images: z.object({ evaluate: z.string(), store: z.string().optional() }),
});
const monitorImageRule = "needs images.store, which has the monitor; add it, or remove monitoring";

/** Adds the rule that a monitor has an image to the schema of a cluster. */
export function checkMonitoring<Schema extends z.ZodObject>(schema: Schema): Schema {
  return schema.superRefine((fields, context) => {
    const images = monitorImageSchema.safeParse(fields).data?.images;
    if (images === undefined || (images.store ?? images.evaluate) !== images.evaluate) return;
    context.addIssue({ code: "custom", path: ["monitoring"], message: monitorImageRule });
  }, evenIfFieldsAreInvalid);
}

export type MonitoringConfig = z.infer<typeof monitoringSchema>;
