import type { ImageRefs } from "../jobs/kube/clusterOutputs.ts";
import type { NodeSoftware } from "../workspace/toolchain.ts";
import type { ClusterConfig, ExistingConfig, HostsConfig } from "./clusterConfig.ts";

type DeclaredImages = NonNullable<HostsConfig["images"] | ExistingConfig["images"]>;

/**
 * Completes the images that a cluster's file names. Files from before the image `store` lack it: pods that wait or
 * publish then use `evaluate`, which has their programs, too.
 */
export function completeImages({ data, llamaFactory, evaluate, store = evaluate }: DeclaredImages): ImageRefs {
  return { data, llamaFactory, evaluate, store };
}

export interface ClusterImages {
  readonly images: ImageRefs;
  /** The controllers' images on the nodes; absent if nodes fetch those that the projects publish. */
  readonly controllers?: NodeSoftware["controllers"];
}

/**
 * Selects the images of the work and of the controllers as a cluster's file says.
 * @param readNodeSoftware called only if nodes carry images that setup built
 */
export function selectClusterImages(config: ClusterConfig, readNodeSoftware: () => NodeSoftware): ClusterImages {
  const declared = config.kind === "local" ? undefined : config.images;
  const images = declared === undefined ? readNodeSoftware().images : completeImages(declared);
  if (config.kind === "tenant" || (config.kind === "existing" && config.controllers !== "built")) return { images };
  return { images, controllers: readNodeSoftware().controllers };
}

/** Images by digest, and the key that must have signed them. */
export interface SignedImages {
  readonly images: ImageRefs;
  /** A file, relative to the checkout, or a KMS URI. */
  readonly publicKey: string;
}

/** Selects the images of a cluster's file that must be signed; undefined if the file names no public key. */
export function selectSignedImages(config: ClusterConfig): SignedImages | undefined {
  const declared = config.kind === "local" ? undefined : config.images;
  if (declared?.publicKey === undefined) return undefined;
  return { images: completeImages(declared), publicKey: declared.publicKey };
}

/** True if a cluster's file names images, but no `store`. */
export function lacksStoreImage(config: ClusterConfig): boolean {
  return config.kind !== "local" && config.images !== undefined && config.images.store === undefined;
}
