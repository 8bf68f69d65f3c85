import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { buildMonitoringManifests } from "./monitoringManifests.ts";
import type { MonitoringInput, MonitoringManifest } from "./monitoringManifests.ts";

/** The monitor of a namespace, and what an existing Prometheus and Grafana read. */
export class Monitoring extends pulumi.ComponentResource {
  constructor(name: string, input: MonitoringInput, options?: pulumi.ComponentResourceOptions) {
    super("mixcpt:infra:Monitoring", name, {}, options);
    for (const manifest of buildMonitoringManifests(input)) applyManifest(manifest, { parent: this });
    this.registerOutputs({});
  }
}

/** Applies an object. Pulumi has no type for an object of the core group that is given as a custom resource. */
function applyManifest(manifest: MonitoringManifest, options: pulumi.CustomResourceOptions): void {
  const { kind, metadata } = manifest;
  const name = `monitoring-${kind.toLowerCase()}-${metadata.name}`;
  switch (kind) {
    case "ConfigMap":
      void new kubernetes.core.v1.ConfigMap(
        name,
        { metadata, data: manifest["data"] as Record<string, string> },
        options,
      );
      break;
    case "ServiceAccount":
      void new kubernetes.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, options);
      break;
    case "Secret":
      // Kubernetes writes the token into it
      void new kubernetes.core.v1.Secret(
        name,
        { metadata, type: manifest["type"] as string },
        { ...options, ignoreChanges: ["data"] },
      );
      break;
    default:
      void new kubernetes.apiextensions.CustomResource(name, { ...manifest, metadata: { ...metadata } }, options);
  }
}
