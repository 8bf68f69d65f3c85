import { buildMonitoringManifests } from "../../infra/monitoring/monitoringManifests.ts";
import type { MonitoringManifest } from "../../infra/monitoring/monitoringManifests.ts";
import { platformNames } from "../../jobs/kube/platformNames.ts";

/** Builds the monitor of a cluster with Prometheus Operator and a webhook, without the dashboard, which is long. */
export function buildMonitoringExample(): MonitoringManifest[] {
  const image = `registry.example/mixcpt/store@sha256:${"0".repeat(64)}`;
  const monitoring = { prometheusOperator: { labels: { release: "prometheus" } }, webhookSecret: "cell-events" };
  return buildMonitoringManifests({ names: platformNames, image, monitoring, installsQueue: true }).filter(
    ({ metadata }) => metadata.name !== "mixcpt-dashboard",
  );
}
