import { z } from "zod";
import type { ApiRequest } from "../../kubernetes/probeApiServer.ts";
import { callPatiently, readPatiently } from "../../kubernetes/probeApiServer.ts";
import { closedAnnotation } from "./clusterVersions.ts";
import type { UpgradeContext } from "./upgradeContext.ts";

type NodeContext = Pick<UpgradeContext, "connection" | "print">;

const nodeSchema = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z.object({ unschedulable: z.boolean().default(false) }).default({ unschedulable: false }),
});

/** The only API server of a cluster may restart with the kubelet of its node, so that a request is repeated. */
async function patchNode(
  { connection, print }: NodeContext,
  name: string,
  body: NonNullable<ApiRequest["body"]>,
): Promise<void> {
  const path = `/api/v1/nodes/${name}`;
  await callPatiently(
    connection,
    { method: "PATCH", path, contentType: "application/merge-patch+json", body },
    { print },
  );
}

/** Keeps new pods away from a node. Returns true if the node must be opened again afterwards. */
export async function closeNode(context: NodeContext, name: string): Promise<boolean> {
  const { connection, print } = context;
  const { metadata, spec } = nodeSchema.parse(await readPatiently(connection, `/api/v1/nodes/${name}`, { print }));
  if (spec.unschedulable && metadata.annotations[closedAnnotation] !== "closed") return false;
  await patchNode(context, name, {
    metadata: { annotations: { [closedAnnotation]: "closed" } },
    spec: { unschedulable: true },
  });
  return true;
}

/** Lets a node take pods again. */
export function openNode(context: NodeContext, name: string): Promise<void> {
  return patchNode(context, name, {
    metadata: { annotations: { [closedAnnotation]: null } },
    spec: { unschedulable: null },
  });
}
