import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { readContextNamespace } from "../../infra/kubeconfigContext.ts";
import { defaultNamespace } from "../../jobs/kube/platformNames.ts";
import { resolveInstanceDirectory } from "../../workspace/environment.ts";
import { replaceFile } from "../../workspace/replaceFile.ts";

/** The path of the kubeconfig that `cluster up` writes for a cluster stack. */
export function resolveKubeconfigPath(cluster: string): string {
  return resolve(resolveInstanceDirectory(cluster), "kubeconfig");
}

export function hasKubeconfig(cluster: string): boolean {
  return existsSync(resolveKubeconfigPath(cluster));
}

/** Writes the kubeconfig so that only its owner can read it, while other commands on the cluster may do so. */
export function writeClusterKubeconfig(cluster: string, content: string): void {
  mkdirSync(dirname(resolveKubeconfigPath(cluster)), { recursive: true });
  replaceFile(resolveKubeconfigPath(cluster), content, { mode: 0o600 });
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

/** Reads the namespace of the experiments on a cluster; the default one if there is no kubeconfig yet. */
export function readClusterNamespace(cluster: string): string {
  return hasKubeconfig(cluster) ? readContextNamespace(readClusterKubeconfig(cluster)) : defaultNamespace;
}

/** @throws Error that says how to get a kubeconfig if there is none */
export function readClusterKubeconfig(cluster: string): string {
  requireKubeconfig(cluster);
  return readFileSync(resolveKubeconfigPath(cluster), "utf8");
}
