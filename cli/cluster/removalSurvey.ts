/** What a `cluster destroy` asks the cluster that it removes. */
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { hasKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import type { ClusterSurvey } from "./clusterSurvey.ts";
import { buildRemovalWait, mayHostsWork, surveyCluster } from "./clusterSurvey.ts";
import { listAliveHosts } from "./localCluster.ts";

/** True if a cluster that does not answer may still run work. Other machines cannot be looked at from here. */
export function mayClusterWork(stack: string, kind: ClusterConfig["kind"]): boolean {
  return kind !== "local" || mayHostsWork({ alive: listAliveHosts(stack), wasUp: hasKubeconfig(stack) });
}

/** Waits for an answer only where it decides: neither for hosts that no longer run nor for a cluster given up. */
export function surveyDoomedCluster(
  stack: string,
  query: Pick<Parameters<typeof surveyCluster>[1], "config" | "software">,
  { print, unchecked }: { readonly print: LinePrinter; readonly unchecked: boolean },
): Promise<ClusterSurvey> {
  const isAwaited = !unchecked && mayClusterWork(stack, query.config.kind);
  const way = `./mixcpt cluster destroy ${stack} --unchecked removes the cluster without asking it`;
  return surveyCluster(stack, { ...query, wait: isAwaited ? buildRemovalWait(print, way) : undefined });
}
