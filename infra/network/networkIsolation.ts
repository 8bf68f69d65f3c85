import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { buildControllerPolicies } from "./controllerPolicies.ts";
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

/** The network policies of the namespaces of controllers, applied one after the other. */
export class ControllerIsolation extends pulumi.ComponentResource {
  constructor(
    name: string,
    input: Parameters<typeof buildControllerPolicies>[0],
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("mixcpt:infra:ControllerIsolation", name, {}, options);
    let dependsOn: pulumi.Resource[] = [];
    for (const policy of buildControllerPolicies(input)) {
      const { namespace, name } = policy.metadata;
      const resource = `${namespace ?? ""}-${name}`;
      dependsOn = [new kubernetes.apiextensions.CustomResource(resource, { ...policy }, { parent: this, dependsOn })];
    }
    this.registerOutputs({});
  }
}
