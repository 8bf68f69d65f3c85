import type { Resources } from "./restrictedPod.ts";

/** In every image: waits until each PATH/COMPLETE exists. */
export const awaitCommand = "mixcpt-await";

/** A shell that sleeps. */
export const awaitResources: Resources = { cpu: "10m", memory: "32Mi" };

/** What waits, in a JobSet that makes one thing of others. */
export const awaitJobName = "await";
