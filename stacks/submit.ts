import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { RunManifest } from "../jobs/kube/manifests.ts";

/**
 * Registers a run with Pulumi, unchanged. Runs are records: one that stands is never patched, and one with
 * changed input has another hash in its name, which makes it another resource.
 */
export function submitManifest(manifest: RunManifest, options: pulumi.CustomResourceOptions): pulumi.CustomResource {
  const record = { ...options, ignoreChanges: ["metadata", "spec"] };
  // For Pulumi this is a kubernetes:batch/v1:Job, and so on: the type comes from the manifest.
  return new kubernetes.apiextensions.CustomResource(manifest.metadata.name, manifest, record);
}
