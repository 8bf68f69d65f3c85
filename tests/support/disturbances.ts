import { kueueApiVersion } from "../../jobs/kube/priorities.ts";
import type { ControllerName } from "../../workspace/toolchain.ts";
import { callSuccessfully } from "./callSuccessfully.ts";
import type { QueueCluster } from "./queueCluster.ts";

export type Disturbance = "evict" | "drain" | "node" | ControllerName;

/** How often each happens: evictions are what a site does most. */
const disturbances: readonly Disturbance[] = [
  ...Array.from({ length: 8 }, () => "evict" as const),
  "drain",
  "node",
  "kueue",
  "jobset",
  "trainer",
];

export function drawDisturbance(random: () => number): Disturbance {
  return disturbances[Math.floor(random() * disturbances.length)] ?? "evict";
}

/** Lets Kueue take the devices from all that it has admitted, and admit again. */
export async function drainQueue({ api }: QueueCluster): Promise<void> {
  const path = `/apis/${kueueApiVersion}/clusterqueues/mixcpt-gpu`;
  for (const stopPolicy of ["HoldAndDrain", "None"])
    await callSuccessfully(api, "PATCH", path, { spec: { stopPolicy } });
}

export async function restartController({ controllers }: QueueCluster, name: ControllerName): Promise<void> {
  await controllers.stopController(name);
  await controllers.startController(name);
}
