import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { refuseUnsignedImages } from "../images/verifyImages.ts";
import { refuseIncompleteToolchain } from "../setup/neededSoftware.ts";
import { refuseStaleToolchain } from "../setup/toolchainRecord.ts";
import { requireMachineForHosts } from "./localCluster.ts";
import { refuseOtherBackend } from "./otherBackend.ts";

/**
 * Refuses a `cluster up`, its preview, or an upgrade, which ends with it, for what can be seen without the cluster:
 * another Pulumi backend, a toolchain that was set up for less or by another commit, a machine that cannot run local
 * hosts, and images without the signature that the file demands.
 * @throws Error with the remedy
 */
export async function refuseUnfitStart(stack: string, config: ClusterConfig, software: Toolchain): Promise<void> {
  refuseOtherBackend(stack);
  refuseIncompleteToolchain(software, config);
  refuseStaleToolchain(software, config);
  requireMachineForHosts(stack, config);
  await refuseUnsignedImages(stack, config);
}
