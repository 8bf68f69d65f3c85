import { z } from "zod";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { formatHostName } from "../../infra/localHosts.ts";
import type { EvictedPods } from "../kubernetes/evictedPods.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { formatFirstItems } from "../terminal/formatList.ts";

/** A node of this Pulumi state that the file of its stack no longer declares. */
interface LeavingNode {
  readonly name: string;
  /** The name with the address. */
  readonly label: string;
}

export function listDeclaredNodes(stack: string, config: ClusterConfig): string[] {
  switch (config.kind) {
    case "local":
      return Array.from({ length: config.hosts }, (_, index) => formatHostName(stack, index));
    case "hosts":
      return config.machines.map(({ name }) => name);
    case "existing":
      return [];
  }
}

const claimInputsSchema = z.object({ environment: z.object({ NODE_NAME: z.string(), HOST: z.string() }) });

/** Lists the nodes that `cluster up` would remove: the state has claimed them, and the file does not declare them. */
export function listLeavingNodes(
  resources: readonly RecordedResource[],
  { stack, config }: { readonly stack: string; readonly config: ClusterConfig },
): LeavingNode[] {
  const declared = new Set(listDeclaredNodes(stack, config));
  return resources
    .filter(({ urn }) => urn.endsWith("-claim"))
    .flatMap(({ inputs }) => claimInputsSchema.safeParse(inputs).data?.environment ?? [])
    .filter(({ NODE_NAME: name }) => !declared.has(name))
    .map(({ NODE_NAME: name, HOST: label }) => ({ name, label }));
}

/** Lists what `cluster up` removes: nodes, and the pods that a drain evicts. */
export function formatLeavingNodes(
  stack: string,
  nodes: readonly (LeavingNode & { readonly pods: EvictedPods })[],
): string[] {
  return [
    `cluster up ${stack} removes`,
    ...nodes.flatMap(({ label, pods }) => [
      `  ${label}, which infra/Pulumi.${stack}.yaml no longer names: drained, then left as it was before it came`,
      `    ${formatPods(pods)}`,
    ]),
  ];
}

function formatPods(pods: EvictedPods): string {
  if ("unavailable" in pods) return `unknown which pods run there: ${pods.unavailable}`;
  return pods.length === 0 ? "no pods run there" : `ends these pods there: ${formatFirstItems(pods, { limit: 8 })}`;
}
