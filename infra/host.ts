import type * as pulumi from "@pulumi/pulumi";

/** A machine that is reached by SSH and becomes a node. */
export interface Host {
  /** Of its Kubernetes node. */
  name: string;
  /** What its resources are called. They stay its own whatever other machines come and go. */
  id: string;
  /** Its pods get 10.244.NUMBER.0/24. */
  number: number;
  address: pulumi.Input<string>;
  user: string;
  port: number;
  hostKey: pulumi.Input<string>;
}
