import { z } from "zod";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { mapDeclaredNodes } from "./leavingNodes.ts";

const claimSchema = z.object({
  environment: z.object({ NODE_NAME: z.string(), CONTROL_ADDRESS: z.string().optional() }),
});

/** The control plane of a state: the node whose claim names no control plane that would drain it. */
function findRecordedControlPlane(resources: readonly RecordedResource[]): string | undefined {
  return resources
    .filter(({ urn }) => urn.endsWith("-claim"))
    .flatMap(({ inputs }) => claimSchema.safeParse(inputs).data?.environment ?? [])
    .find(({ CONTROL_ADDRESS: controlAddress }) => controlAddress === undefined)?.NODE_NAME;
}

/**
 * Refuses a `cluster up` after which another machine, or none, would be the control plane: with it the whole cluster
 * ends. A cluster of which all nodes leave is one of these.
 * @throws Error with both machines
 */
export function refuseOtherControlPlane(
  resources: readonly RecordedResource[],
  { stack, config }: { readonly stack: string; readonly config: ClusterConfig },
): void {
  const recorded = findRecordedControlPlane(resources);
  const [declared] = mapDeclaredNodes(stack, config).keys();
  if (recorded === undefined || recorded === declared) return;
  throw new Error(
    [
      `cluster up ${stack} would end the control plane ${recorded}, and with it the cluster; nothing was changed`,
      `  infra/Pulumi.${stack}.yaml has ${declared ?? "no machine"} as the control plane, which is the first machine`,
      "what to do:",
      `  make ${recorded} the first machine again`,
      `  ./mixcpt cluster destroy ${stack} removes the cluster; then cluster up makes the other one`,
    ].join("\n"),
  );
}
