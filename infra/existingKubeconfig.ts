import { dirname, resolve } from "node:path";
import { checkoutDirectory } from "../workspace/environment.ts";
import type { ForeignConfig } from "./clusterConfig.ts";
import { readConfiguredFile } from "./configuredFile.ts";
import { selectKubeconfigContext, setContextNamespace } from "./kubeconfigContext.ts";
import { resolveKubeconfigPaths } from "./kubeconfigPaths.ts";

/** The path of the file with the credentials of an existing cluster. */
export function resolveKubeconfigFile({ kubeconfigFile }: Pick<ForeignConfig, "kubeconfigFile">): string {
  return resolve(checkoutDirectory, kubeconfigFile);
}

/**
 * Reads the kubeconfig of an existing cluster, with the configured context as its current one and the namespace of the
 * experiments in it. The text is copied to
 * Pulumi's state and to `.mixcpt/`, where its relative paths would lead elsewhere, so that they become absolute.
 * Programs and token files remain references: whoever uses the text gets new credentials from them.
 * @throws ConfiguredFileError if the file cannot be read or has no such context
 */
export function readExistingKubeconfig({
  kubeconfigFile,
  context,
  namespace,
}: Pick<ForeignConfig, "kubeconfigFile" | "context" | "namespace">): string {
  const folder = dirname(resolveKubeconfigFile({ kubeconfigFile }));
  const kubeconfig = resolveKubeconfigPaths(readConfiguredFile("kubeconfigFile", kubeconfigFile), folder);
  const selected =
    context === undefined ? kubeconfig : selectKubeconfigContext(kubeconfig, { context, file: kubeconfigFile });
  return setContextNamespace(selected, namespace);
}
