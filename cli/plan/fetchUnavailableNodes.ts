import { z } from "zod";
import type { ClosedNode } from "../../infra/platform/closedNodes.ts";
import { listClosedNodes } from "../../infra/platform/closedNodes.ts";
import { findQuarantine } from "../../jobs/kube/quarantine.ts";
import { listKnownPrograms } from "../../workspace/toolchain.ts";
import { findClusterConfig } from "../cluster/readClusterConfig.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import { fetchKubectlList } from "../kubernetes/kubectl.ts";
import { planTimeoutMilliseconds } from "./fetchScoreStatus.ts";

const texts = z.record(z.string(), z.string()).default({});

const nodeListSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), labels: texts, annotations: texts }),
      spec: z.object({
        taints: z
          .array(z.object({ key: z.string(), value: z.string().exactOptional(), effect: z.string() }))
          .default([]),
      }),
      status: z
        .object({
          capacity: texts,
          nodeInfo: z.object({ machineID: z.string(), systemUUID: z.string() }).exactOptional(),
        })
        .exactOptional(),
    }),
  ),
});

/** The nodes that get no work until somebody releases or tests them. */
export interface UnavailableNodes {
  readonly quarantined: readonly string[];
  readonly closed: readonly ClosedNode[];
}

const none: UnavailableNodes = { quarantined: [], closed: [] };

/** Parses a list of nodes in kubectl's JSON; none of them is unavailable in anything else. */
function parseUnavailableNodes(cluster: string, json: string): UnavailableNodes {
  const { data } = nodeListSchema.safeParse(JSON.parse(json));
  if (data === undefined) return none;
  const quarantined = data.items.filter(({ spec }) => findQuarantine(spec.taints) !== undefined);
  const config = findClusterConfig(cluster);
  return {
    quarantined: quarantined.map(({ metadata }) => metadata.name).sort(),
    closed: config === undefined ? [] : listClosedNodes(data.items, config),
  };
}

/** Reads which nodes of a cluster get no work; none if it does not respond, or the user may not read nodes. */
export async function fetchUnavailableNodes(cluster: string): Promise<UnavailableNodes> {
  try {
    await updateKubeconfig(cluster);
  } catch {
    return none; // the line about existing scores gives the reason
  }
  const options = { timeoutMilliseconds: planTimeoutMilliseconds, programs: listKnownPrograms() };
  const requestTimeout = `--request-timeout=${String(planTimeoutMilliseconds)}ms`;
  const { json } = await fetchKubectlList(cluster, ["nodes", requestTimeout], options);
  return json === undefined ? none : parseUnavailableNodes(cluster, json);
}
