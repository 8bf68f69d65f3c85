import type { ClusterOutputs } from "./clusterOutputs.ts";
import { buildPodReplacementPolicy } from "./failurePolicies.ts";
import type { JobManifest } from "./manifestTypes.ts";
import { kindLabel, partOfLabel } from "./objectLabels.ts";
import { selectPlacement } from "./podSettings.ts";
import { buildRestrictedPod } from "./restrictedPod.ts";
import { storeIdentityMap } from "./storeIdentity.ts";

/** Also the time in which the pod gets its image. */
const longestIdentitySeconds = 180;
const endedJobSeconds = 600;

const labels = { [partOfLabel]: "mixcpt", [kindLabel]: "store" };

/** Selects the Jobs of all calls. */
export const identityJobSelector = Object.entries(labels)
  .map(([label, value]) => `${label}=${value}`)
  .join(",");

/** True if the store may be a disk of a node: that of the only one, or of the machine that all nodes are on. */
function mayBeDisk({ hardware }: Pick<ClusterOutputs, "hardware">): boolean {
  return hardware.emulated || hardware.nodes === 1;
}

type IdentityJobInput = Pick<ClusterOutputs, "namespace" | "images" | "store" | "hardware" | "pods">;

/**
 * Builds the Job that prints the id of the store, which gets one if it has none. It needs no queue and no device. Each
 * call has a Job of its own, by the call's id: one call must not delete the Job whose log another one is about to read.
 */
export function buildIdentityJob(cluster: IdentityJobInput, id: string): JobManifest {
  const { namespace, images, store, pods } = cluster;
  const spec = buildRestrictedPod({
    name: "identify",
    image: images.store,
    command: ["python3"],
    args: ["-P", "-m", "mixcpt_store.store_program", mayBeDisk(cluster) ? "identify-disk" : "identify"],
    resources: { cpu: "10m", memory: "64Mi" },
    store,
    settings: selectPlacement(pods.training),
  });
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: `${storeIdentityMap}-${id}`, namespace, labels },
    spec: {
      backoffLimit: 2,
      activeDeadlineSeconds: longestIdentitySeconds,
      ttlSecondsAfterFinished: endedJobSeconds,
      podFailurePolicy: buildPodReplacementPolicy("identify"),
      template: { metadata: { labels }, spec },
    },
  };
}
