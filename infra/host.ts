import type * as pulumi from "@pulumi/pulumi";

/** A machine that is reached by SSH and becomes a node. */
export interface Host {
  name: string;
  address: pulumi.Input<string>;
  user: string;
  port: number;
  hostKey: pulumi.Input<string>;
}
