import { z } from "zod";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { formatHostName } from "../../infra/localHosts.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";

const claimSchema = z.object({
  environment: z.object({ NODE_NAME: z.string(), HOST: z.string(), CONTROL_ADDRESS: z.string().optional() }),
});

/** The claim of a state's control plane: the one that names no control plane that would drain its node. */
function findRecordedControlPlane(resources: readonly RecordedResource[]) {
  return resources
    .filter(({ urn }) => urn.endsWith("-claim"))
    .flatMap(({ inputs }) => claimSchema.safeParse(inputs).data?.environment ?? [])
    .find(({ CONTROL_ADDRESS: controlAddress }) => controlAddress === undefined);
}

/** The first machine with its address, or the first local host; undefined for an existing cluster. */
function findDeclaredControlPlane(stack: string, config: ClusterConfig): string | undefined {
  switch (config.kind) {
    case "local":
      return formatHostName(stack, 0);
    case "hosts":
      return config.machines.map(({ name, address }) => `${name} (${address})`)[0];
    case "existing":
      return undefined;
  }
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
  const declared = findDeclaredControlPlane(stack, config);
  if (recorded === undefined || declared === recorded.HOST || declared === recorded.NODE_NAME) return;
  throw new Error(
    [
      `cluster up ${stack} would end the control plane ${recorded.HOST}, and with it the cluster; nothing was changed`,
      `  infra/Pulumi.${stack}.yaml has ${declared ?? "no machine"} as the control plane, which is the first machine`,
      "what to do:",
      `  make ${recorded.HOST} the first machine again`,
      `  ./mixcpt cluster destroy ${stack} removes the cluster; then cluster up makes the other one`,
    ].join("\n"),
  );
}
