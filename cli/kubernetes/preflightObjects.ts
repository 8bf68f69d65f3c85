import type { V1Node } from "@kubernetes/client-node";
import type { ReachedNode } from "../../infra/platform/nodeReach.ts";
import { deviceResource } from "../../jobs/hardware/gpuCatalog.ts";
import { findQuarantine } from "../../jobs/kube/quarantine.ts";

/** A node with GPUs. */
export interface PreflightNode extends ReachedNode {
  readonly name: string;
  readonly cordoned: boolean;
  /** Who put it into quarantine; undefined if it is in none. */
  readonly quarantine: string | undefined;
}

export function advertisesDevices({ status }: V1Node): boolean {
  return Number(status?.capacity?.[deviceResource] ?? 0) > 0;
}

/** True for a node with devices, also while its device plugin reports none, and for one in quarantine. */
export function isTaintable({ spec, status }: V1Node): boolean {
  return deviceResource in (status?.capacity ?? {}) || findQuarantine(spec?.taints) !== undefined;
}
