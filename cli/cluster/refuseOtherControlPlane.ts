import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { formatNodeLabel, listClaims, listDeclaredNodes } from "./clusterNodes.ts";

/**
 * Refuses a `cluster up` after which another machine, or none, would be the control plane: with it the whole cluster
 * ends. A cluster of which all nodes leave is one of these.
 * @throws Error with both machines
 */
export function refuseOtherControlPlane(
  resources: readonly RecordedResource[],
  { stack, config }: { readonly stack: string; readonly config: ClusterConfig },
): void {
  const recorded = listClaims(resources).find(({ isControlPlane }) => isControlPlane);
  const declared = listDeclaredNodes(stack, config).map(formatNodeLabel)[0];
  if (recorded === undefined || declared === recorded.label || declared === recorded.name) return;
  throw new Error(
    [
      `cluster up ${stack} would end the control plane ${recorded.label}, and with it the cluster; nothing was changed`,
      `  infra/Pulumi.${stack}.yaml has ${declared ?? "no machine"} as the control plane, which is the first machine`,
      "what to do:",
      `  make ${recorded.label} the first machine again`,
      `  ./mixcpt cluster destroy ${stack} removes the cluster; then cluster up makes the other one`,
    ].join("\n"),
  );
}
