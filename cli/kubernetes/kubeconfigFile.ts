import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { resolveInstanceDirectory } from "../../workspace/environment.ts";

/** The path of the kubeconfig that `cluster up` writes for a cluster stack. */
export function resolveKubeconfigPath(cluster: string): string {
  return resolve(resolveInstanceDirectory(cluster), "kubeconfig");
}

export function hasKubeconfig(cluster: string): boolean {
  return existsSync(resolveKubeconfigPath(cluster));
}

/** Writes the kubeconfig so that only its owner can read it. */
export function writeClusterKubeconfig(cluster: string, content: string): void {
  mkdirSync(dirname(resolveKubeconfigPath(cluster)), { recursive: true });
  writeFileSync(resolveKubeconfigPath(cluster), content, { mode: 0o600 });
}

/** Deletes the kubeconfig of a cluster that no longer exists. */
export function deleteKubeconfig(cluster: string): void {
  rmSync(resolveKubeconfigPath(cluster), { force: true });
}

/** @throws Error that says how to get a kubeconfig if there is none */
export function requireKubeconfig(cluster: string): void {
  if (!hasKubeconfig(cluster))
    throw new Error(
      `cluster "${cluster}" has no kubeconfig, neither in this checkout nor in Pulumi's state; ` +
        `bring it up with ./mixcpt cluster up ${cluster}`,
    );
}

/** @throws Error that says how to get a kubeconfig if there is none */
export function readClusterKubeconfig(cluster: string): string {
  requireKubeconfig(cluster);
  return readFileSync(resolveKubeconfigPath(cluster), "utf8");
}
