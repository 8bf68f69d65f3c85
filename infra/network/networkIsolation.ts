import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { buildNetworkPolicies } from "./networkPolicies.ts";

/** The network policies of the experiments' namespace. */
export class NetworkIsolation extends pulumi.ComponentResource {
  constructor(
    name: string,
    input: Parameters<typeof buildNetworkPolicies>[0],
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("mixcpt:infra:NetworkIsolation", name, {}, options);
    for (const policy of buildNetworkPolicies(input))
      new kubernetes.apiextensions.CustomResource(policy.metadata.name, { ...policy }, { parent: this });
    this.registerOutputs({});
  }
}
