import type { ImageRefs } from "../jobs/kube/clusterOutputs.ts";
import type { ClusterConfig, ExistingConfig, HostsConfig } from "./clusterConfig.ts";

type DeclaredImages = NonNullable<HostsConfig["images"] | ExistingConfig["images"]>;

/**
 * Completes the images that a cluster's file names. Files from before the image `store` lack it: pods that wait or
 * publish then use `evaluate`, which has their programs, too.
 */
export function completeImages(images: DeclaredImages): ImageRefs {
  return { ...images, store: images.store ?? images.evaluate };
}

/** True if a cluster's file names images, but no `store`. */
export function lacksStoreImage(config: ClusterConfig): boolean {
  return config.kind !== "local" && config.images !== undefined && config.images.store === undefined;
}
