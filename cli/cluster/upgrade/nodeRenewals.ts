import { z } from "zod";
import type { ApiConnection } from "../../../plugins/kubernetes/apiConnection.ts";
import { readPatiently } from "../../kubernetes/probeApiServer.ts";
import type { LinePrinter } from "../../terminal/printLine.ts";

const leasesPath = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

const leasesSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({ renewTime: z.string().default("") }).default({ renewTime: "" }),
    }),
  ),
});

/** Maps nodes to the time at which their kubelets last said that they run, which they do every ten seconds. */
export async function fetchNodeRenewals(
  connection: ApiConnection,
  print: LinePrinter,
): Promise<ReadonlyMap<string, string>> {
  const { items } = leasesSchema.parse(await readPatiently(connection, leasesPath, { print }));
  return new Map(items.map(({ metadata, spec }) => [metadata.name, spec.renewTime]));
}
