import { z } from "zod";

const secretRule = "must be the name of a Secret: lower-case letters, digits, dashes and dots";

const operatorRule =
  "must be true or { labels: … }, the labels by which Prometheus selects, such as release: prometheus";

const monitoringSchema = z.strictObject({
  prometheusOperator: z
    .union([z.boolean(), z.strictObject({ labels: z.record(z.string(), z.string()) })], operatorRule)
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

export type MonitoringConfig = z.infer<typeof monitoringSchema>;
