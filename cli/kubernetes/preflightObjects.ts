import type { JobManifest, JobSetManifest } from "../../jobs/kube/manifestTypes.ts";
import type { RunKind } from "./objectKinds.ts";

export type PreflightManifest = JobManifest | JobSetManifest;

/** A node with GPUs. */
export interface PreflightNode {
  readonly name: string;
  readonly cordoned: boolean;
  /** True if `preflight` cordoned it. */
  readonly cordonedHere: boolean;
}

export function selectRunKind({ kind }: Pick<PreflightManifest, "kind">): RunKind {
  return kind === "Job" ? "job" : "jobset";
}
