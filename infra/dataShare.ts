import type { ClusterConfig } from "./config.ts";

/** What data jobs may take of the cluster at a time, so that training keeps its processors. */
export function getDataJobShare({ kind }: ClusterConfig): { cores: number; memoryGiB: number } {
  return kind === "local" ? { cores: 2, memoryGiB: 4 } : { cores: 64, memoryGiB: 256 };
}
