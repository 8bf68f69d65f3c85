import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { AccessManifest } from "./accessRoles.ts";
import { buildAccessManifests } from "./accessRoles.ts";

/** The roles of a cluster's users, and the accounts for which `cluster kubeconfig` issues credentials. */
export class Access extends pulumi.ComponentResource {
  constructor(
    name: string,
    input: Parameters<typeof buildAccessManifests>[0],
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("mixcpt:infra:Access", name, {}, options);
    const [namespace, ...others] = buildAccessManifests(input);
    const dependsOn = namespace === undefined ? [] : [applyAccessManifest(namespace, { parent: this })];
    others.forEach((manifest) => applyAccessManifest(manifest, { parent: this, dependsOn }));
    this.registerOutputs({});
  }
}

/** Applies an object. Pulumi has no type for an object of the core group that is given as a custom resource. */
function applyAccessManifest(manifest: AccessManifest, options: pulumi.CustomResourceOptions): pulumi.Resource {
  const { kind, metadata } = manifest;
  const name = `${kind.toLowerCase()}-${metadata.name.replaceAll(":", "-")}`;
  switch (kind) {
    case "Namespace":
      return new kubernetes.core.v1.Namespace(name, { metadata }, options);
    case "ServiceAccount":
      return new kubernetes.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, options);
    default:
      return new kubernetes.apiextensions.CustomResource(name, { ...manifest }, options);
  }
}
