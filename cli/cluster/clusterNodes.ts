import { z } from "zod";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { formatHostName } from "../../infra/resourceNames.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";

/** A node that a Pulumi state has claimed. */
export interface ClaimedNode {
  readonly name: string;
  /** The name with the address. */
  readonly label: string;
  readonly isControlPlane: boolean;
}

const claimSchema = z.object({
  environment: z.object({
    NODE_NAME: z.string(),
    HOST: z.string(),
    /** The control plane that would drain the node; only a single control plane has none. */
    CONTROL_ADDRESS: z.unknown().optional(),
    /** Of one of several control planes. */
    ROLE: z.literal("control-plane").optional(),
  }),
});

export function listClaims(resources: readonly RecordedResource[]): ClaimedNode[] {
  return resources
    .filter(({ urn }) => urn.endsWith("-claim"))
    .flatMap(({ inputs }) => claimSchema.safeParse(inputs).data?.environment ?? [])
    .map(({ NODE_NAME: name, HOST: label, CONTROL_ADDRESS: controlAddress, ROLE: role }) => ({
      name,
      label,
      isControlPlane: controlAddress === undefined || role !== undefined,
    }));
}

interface DeclaredNode {
  readonly name: string;
  /** The address if the file has one. */
  readonly address?: string;
}

/** Lists the nodes that the file of a cluster stack declares, the control plane first; none of an existing cluster. */
export function listDeclaredNodes(stack: string, config: ClusterConfig): DeclaredNode[] {
  switch (config.kind) {
    case "local":
      return Array.from({ length: config.hosts }, (_, index) => ({ name: formatHostName(stack, index) }));
    case "hosts":
      return config.machines.map(({ name, address }) => ({ name, address }));
    case "existing":
    case "tenant":
      return [];
  }
}

/** The name with the address, as claims record it. */
export function formatNodeLabel({ name, address }: DeclaredNode): string {
  return address === undefined ? name : `${name} (${address})`;
}
