import type { PodResources } from "./restrictedPod.ts";

/** In every image: waits until each PATH/COMPLETE exists. */
export const awaitCommand = "mixcpt-await";

/** A shell that sleeps. */
export const awaitResources: PodResources = { cpu: "10m", memory: "32Mi" };

/** What waits, in a JobSet that makes one thing of others. */
export const awaitJobName = "await";
