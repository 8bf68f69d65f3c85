import { z } from "zod";
import { findQuarantine } from "../../jobs/kube/quarantine.ts";
import { listKnownPrograms } from "../../workspace/toolchain.ts";
import { fetchKubectlList } from "../kubernetes/kubectl.ts";
import { planTimeoutMilliseconds } from "./fetchScoreStatus.ts";

const nodeListSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({
        taints: z
          .array(z.object({ key: z.string(), value: z.string().exactOptional(), effect: z.string() }))
          .default([]),
      }),
    }),
  ),
});

/** Parses a list of nodes in kubectl's JSON into the names of those in quarantine; none for anything else. */
function parseQuarantinedNodes(json: string): string[] {
  const { data } = nodeListSchema.safeParse(JSON.parse(json));
  const nodes = data?.items.filter(({ spec }) => findQuarantine(spec.taints) !== undefined) ?? [];
  return nodes.map(({ metadata }) => metadata.name).sort();
}

/** Reads which nodes of a cluster get no work; none if it does not respond, or the user may not read nodes. */
export async function fetchQuarantinedNodes(cluster: string): Promise<string[]> {
  const options = { timeoutMilliseconds: planTimeoutMilliseconds, programs: listKnownPrograms() };
  const requestTimeout = `--request-timeout=${String(planTimeoutMilliseconds)}ms`;
  const { json } = await fetchKubectlList(cluster, ["nodes", requestTimeout], options);
  return json === undefined ? [] : parseQuarantinedNodes(json);
}
