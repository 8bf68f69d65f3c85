import type { ClusterConfig } from "../../infra/config.ts";
import { platformNames } from "../../jobs/kube/platform.ts";

/**
 * Where kubectl looks for work that would go with the platform: with the controllers their kinds go, and with those the
 * objects of every namespace. Where the cluster keeps its controllers, only this project's namespace goes.
 */
export function buildNamespaceArguments(config: ClusterConfig): string[] {
  if (config.kind !== "existing") return ["--all-namespaces"];
  return config.controllers === "installed" ? ["--namespace", platformNames.namespace] : ["--all-namespaces"];
}

/** The server's word for a kind that is not installed (any more), which has no objects. */
export const isMissingKindError = (stderr: string): boolean => /doesn't have a resource type|\(NotFound\)/.test(stderr);
