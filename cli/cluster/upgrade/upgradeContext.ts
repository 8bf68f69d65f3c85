import type { PodNetwork } from "../../../infra/network/podNetworkConfig.ts";
import type { ApiConnection } from "../../../plugins/kubernetes/apiConnection.ts";
import type { Toolchain } from "../../../workspace/toolchain.ts";
import { listDevicePods } from "../../kubernetes/evictedPods.ts";
import type { LinePrinter } from "../../terminal/printLine.ts";
import type { UpgradeHost } from "./upgradeHosts.ts";

export interface UpgradeOptions {
  readonly print: LinePrinter;
  /** True if the user has confirmed the plan on the command line. */
  readonly yes: boolean;
  /** Ends trainings with a checkpoint instead of waiting for them. */
  readonly evictTrainings: boolean;
  /** The most nodes that accept no new pods at a time. */
  readonly atOnce: number;
  /** Workers that keep their version, such as those that are off. */
  readonly leaveOut: readonly string[];
}

/** What all steps of an upgrade use. */
export interface UpgradeContext extends UpgradeOptions {
  readonly stack: string;
  readonly software: Toolchain;
  readonly target: string;
  readonly connection: ApiConnection;
  readonly hosts: readonly UpgradeHost[];
  readonly podNetwork: PodNetwork;
}

/** Lists the trainings of a node: the pods that use its devices. */
export async function listTrainings({ stack, software }: UpgradeContext, node: string): Promise<readonly string[]> {
  const pods = await listDevicePods(stack, node, software.programs);
  if ("unavailable" in pods) throw new Error(`cluster upgrade ${stack}: ${pods.unavailable}`);
  return pods;
}

/** @throws Error if the stack has not made this machine a node */
export function requireHost({ hosts, stack }: UpgradeContext, name: string): UpgradeHost {
  const host = hosts.find((candidate) => candidate.name === name);
  if (host === undefined) throw new Error(`cluster upgrade ${stack}: the Pulumi state has no machine ${name}`);
  return host;
}
