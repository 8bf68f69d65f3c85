import type { ClusterOutputs } from "./clusterOutputs.ts";
import { buildJobSpec } from "./jobSpec.ts";
import type { ReplicatedJob } from "./manifestTypes.ts";
import type { ObjectIdentity } from "./objectLabels.ts";
import type { PodSettings } from "./podSettings.ts";
import { selectPlacement } from "./podSettings.ts";
import type { PodResources } from "./restrictedPod.ts";

/** Command that waits until each PATH/COMPLETE exists. */
export const awaitCommand = "mixcpt-await";

/** Resources of a shell that sleeps. */
export const awaitResources: PodResources = { cpu: "10m", memory: "32Mi" };

/** Name of the waiting job in the JobSet of a dependent artifact. */
export const awaitJobName = "await";

interface AwaitJobInput {
  readonly name: string;
  /** Folders of the store to wait for. */
  readonly paths: readonly string[];
  /** Settings of the pods that wait for this one, whose nodes it may use. */
  readonly settings: PodSettings | undefined;
}

/** Builds the job of a JobSet that waits for folders of the store. It has no queue, so it never holds quota. */
export function buildAwaitJob(
  { name, paths, settings }: AwaitJobInput,
  { cluster, identity }: { cluster: Pick<ClusterOutputs, "images" | "store">; identity: ObjectIdentity },
): ReplicatedJob {
  const work = {
    name: "await",
    image: cluster.images.store,
    command: [awaitCommand],
    args: paths,
    resources: awaitResources,
    store: cluster.store,
    readsStore: true,
    settings: selectPlacement(settings),
  };
  return { name, template: { spec: buildJobSpec({ identity, work }) } };
}
