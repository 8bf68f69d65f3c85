import { z } from "zod";
import type { MeasuredRates } from "../../jobs/hardware/clusterRates.ts";
import { parseKeptResults, readMeasuredRates, resultsConfigMap } from "../../jobs/preflight/index.ts";
import { listKnownPrograms } from "../../workspace/toolchain.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import { fetchKubectlList } from "../kubernetes/kubectl.ts";
import { readClusterNamespace } from "../kubernetes/kubeconfigFile.ts";
import { planTimeoutMilliseconds } from "./fetchScoreStatus.ts";

const configMapListSchema = z.object({
  items: z.array(z.object({ data: z.record(z.string(), z.string()).optional() })),
});

/**
 * Reads what `preflight` measured on a cluster. Undefined if it measured nothing, if the cluster does not respond
 * within two seconds or if the state does not give its kubeconfig, because a plan needs no cluster. It uses kubectl
 * because the API client takes long to load.
 */
export async function fetchMeasuredRates(cluster: string): Promise<MeasuredRates | undefined> {
  try {
    await updateKubeconfig(cluster);
  } catch {
    return undefined; // the line about existing scores gives the reason
  }
  const selector = `metadata.name=${resultsConfigMap}`;
  const requestTimeout = `--request-timeout=${String(planTimeoutMilliseconds)}ms`;
  const args = [
    "configmaps",
    "--namespace",
    readClusterNamespace(cluster),
    "--field-selector",
    selector,
    requestTimeout,
  ];
  const options = { timeoutMilliseconds: planTimeoutMilliseconds, programs: listKnownPrograms() };
  const { json } = await fetchKubectlList(cluster, args, options);
  if (json === undefined) return undefined;
  const { items } = configMapListSchema.parse(JSON.parse(json));
  return readMeasuredRates(items.flatMap(({ data }) => parseKeptResults(data ?? {})));
}
