import type { PlatformNames } from "../jobs/kube/platformNames.ts";
import { getInstallNames, platformNames } from "../jobs/kube/platformNames.ts";
import type { ClusterConfig, TenantConfig } from "./clusterConfig.ts";

function getTenantNames(config: TenantConfig): PlatformNames {
  const { namespace, queue, dataQueue, claim, runtime, account, priorityClasses } = config;
  return {
    namespace,
    store: { ...platformNames.store, claim },
    queues: { gpu: queue, cpu: dataQueue ?? queue },
    runtime: runtime?.name ?? platformNames.runtime,
    runtimeKind: runtime?.kind ?? "TrainingRuntime",
    account: account ?? platformNames.account,
    priorityPrefix: priorityClasses ?? "",
  };
}

/** Returns the names of the platform's objects on a cluster as its file declares them. */
export function getPlatformNames(config: ClusterConfig): PlatformNames {
  if (config.kind === "tenant") return getTenantNames(config);
  return config.kind === "existing" ? getInstallNames(config.namespace) : platformNames;
}

/** Returns the namespace of the experiments on a cluster as its file declares it. */
export function getNamespace(config: ClusterConfig): string {
  return getPlatformNames(config).namespace;
}
