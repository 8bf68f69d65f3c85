import { z } from "zod";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { formatHostName } from "../../infra/localHosts.ts";
import type { EvictedPods } from "../kubernetes/evictedPods.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { formatNodePods } from "./formatNodePods.ts";

/** A node of this Pulumi state that the file of its stack no longer declares, or declares at another address. */
interface LeavingNode {
  readonly name: string;
  /** The name with the address. */
  readonly label: string;
  /** The address that the file declares for it. */
  readonly newAddress?: string;
}

/** Names of the declared nodes, with the address where the file has it. */
function mapDeclaredNodes(stack: string, config: ClusterConfig): Map<string, string | undefined> {
  switch (config.kind) {
    case "local":
      return new Map(Array.from({ length: config.hosts }, (_, index) => [formatHostName(stack, index), undefined]));
    case "hosts":
      return new Map(config.machines.map(({ name, address }) => [name, address]));
    case "existing":
      return new Map();
  }
}

const claimInputsSchema = z.object({ environment: z.object({ NODE_NAME: z.string(), HOST: z.string() }) });

/** Lists the nodes that `cluster up` gives up: the state has claimed them, and the file does not declare them there. */
export function listLeavingNodes(
  resources: readonly RecordedResource[],
  { stack, config }: { readonly stack: string; readonly config: ClusterConfig },
): LeavingNode[] {
  const declared = mapDeclaredNodes(stack, config);
  return resources
    .filter(({ urn }) => urn.endsWith("-claim"))
    .flatMap(({ inputs }) => claimInputsSchema.safeParse(inputs).data?.environment ?? [])
    .flatMap(({ NODE_NAME: name, HOST: label }) => {
      if (!declared.has(name)) return [{ name, label }];
      const newAddress = declared.get(name);
      return newAddress === undefined || label === `${name} (${newAddress})` ? [] : [{ name, label, newAddress }];
    });
}

/** Lists what `cluster up` removes: nodes, and the pods that a drain evicts. */
export function formatLeavingNodes(
  stack: string,
  nodes: readonly (LeavingNode & { readonly pods: EvictedPods })[],
): string[] {
  return [
    `cluster up ${stack} removes`,
    ...nodes.flatMap(({ label, newAddress, pods }) => [
      newAddress === undefined
        ? `  ${label}, which infra/Pulumi.${stack}.yaml no longer names: drained, then left as it was before it came`
        : `  ${label}, which becomes the machine at ${newAddress}: what is at the old address is neither drained nor ` +
          "reset; if it is still on, remove its line first, run cluster up, then add the new machine",
      `    ${formatNodePods(pods, { verb: "run there", heading: "ends these pods there" })}`,
    ]),
  ];
}
