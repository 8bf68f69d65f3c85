import type { TargetResult } from "../../jobs/preflight/index.ts";
import { parseKeptResults, resultsConfigMap } from "../../jobs/preflight/index.ts";
import { createApiClients } from "../kubernetes/apiClients.ts";
import { readConfigMapData } from "../kubernetes/configMapData.ts";
import { getNamespaceAccess } from "../kubernetes/snapshotReader.ts";

/** Fetches the results that the last calls of `preflight` kept in a cluster. */
export async function fetchKeptResults(kubeconfig: string): Promise<TargetResult[]> {
  const { namespace } = getNamespaceAccess(kubeconfig);
  return parseKeptResults(await readConfigMapData(createApiClients(kubeconfig), { namespace, name: resultsConfigMap }));
}
