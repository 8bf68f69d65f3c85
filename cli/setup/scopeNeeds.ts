/**
 * The extent of setup: everything including nodes and images, or only the client of a cluster that someone else runs
 * (the Pulumi CLI, kubectl and the controllers' manifests), or this client and the images of the work, or what
 * clusters of one control plane without Cilium need, as that of the demo, or everything and Cilium's images for local
 * hosts, or only what signs images and checks signatures.
 */
export type SetupScope = "all" | "client" | "images" | "demo" | "cilium" | "signing";

/** True if the tasks of a scope need root and Debian's packages: they make images, or hosts. */
export function needsDebian(scope: SetupScope): boolean {
  return scope !== "client" && scope !== "signing";
}
