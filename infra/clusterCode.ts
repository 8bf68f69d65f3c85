import type { ComputingCodes } from "../jobs/kube/computingCode.ts";
import { computations } from "../jobs/kube/computingCode.ts";
import { readComputingCode } from "../workspace/computingCode.ts";
import type { ClusterConfig } from "./clusterConfig.ts";

/** Reads the code of a cluster's images: that of this commit, with the packages of images that the site builds. */
export function readClusterCode(config: ClusterConfig): ComputingCodes {
  const code = readComputingCode();
  const added = "packages" in config ? (config.packages ?? {}) : {};
  const entries = computations.map((name) => {
    const { version, packages } = code[name];
    return [name, { version, packages: { ...packages, ...added[name] } }];
  });
  return Object.fromEntries(entries) as ComputingCodes;
}
