import { dirname, resolve } from "node:path";
import { checkoutDirectory } from "../workspace/environment.ts";
import type { ExistingConfig } from "./clusterConfig.ts";
import { readConfiguredFile } from "./configuredFile.ts";
import { selectKubeconfigContext } from "./kubeconfigContext.ts";
import { resolveKubeconfigPaths } from "./kubeconfigPaths.ts";

/**
 * Returns the kubeconfig that a stack of kind `existing` uses, with its context and with absolute paths: the text is
 * copied to Pulumi's state and to `.mixcpt/`, where relative paths would lead elsewhere.
 * @throws pulumi.RunError if the file cannot be read or has no such context
 */
export function readExistingKubeconfig({ kubeconfigFile, context }: ExistingConfig): string {
  const folder = dirname(resolve(checkoutDirectory, kubeconfigFile));
  const kubeconfig = resolveKubeconfigPaths(readConfiguredFile("kubeconfigFile", kubeconfigFile), folder);
  return context === undefined ? kubeconfig : selectKubeconfigContext(kubeconfig, { context, file: kubeconfigFile });
}
