import type { V1Node } from "@kubernetes/client-node";
import { setHeaderOptions } from "@kubernetes/client-node";
import type { ListedNode } from "../../infra/platform/closedNodes.ts";
import type { PreflightMark } from "../../jobs/kube/preflightMark.ts";
import { formatMarkKey, formatTestedMachine } from "../../jobs/kube/preflightMark.ts";
import type { QuarantineReason } from "../../jobs/kube/quarantine.ts";
import { buildQuarantineTaint, findQuarantine, quarantineTaint } from "../../jobs/kube/quarantine.ts";
import type { ApiClients } from "./apiClients.ts";
import { isObjectConflict } from "./apiErrors.ts";
import type { PreflightNode } from "./preflightObjects.ts";
import { advertisesDevices, isTaintable } from "./preflightObjects.ts";

function convertNode({ metadata, spec }: V1Node): PreflightNode {
  return {
    name: metadata?.name ?? "",
    cordoned: spec?.unschedulable === true,
    labels: metadata?.labels ?? {},
    taints: spec?.taints ?? [],
    quarantine: findQuarantine(spec?.taints),
  };
}

async function listNodes({ core }: ApiClients, isListed: (node: V1Node) => boolean): Promise<PreflightNode[]> {
  const { items } = await core.listNode();
  return items
    .filter(isListed)
    .map(convertNode)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Lists the nodes that advertise devices, by their names. */
export function listPreflightNodes(clients: ApiClients): Promise<PreflightNode[]> {
  return listNodes(clients, advertisesDevices);
}

/** Lists the nodes that may be put into quarantine or released. */
export function listTaintableNodes(clients: ApiClients): Promise<PreflightNode[]> {
  return listNodes(clients, isTaintable);
}

/** Lists all nodes with their marks of preflight. */
export async function listMarkedNodes({ core }: ApiClients): Promise<readonly ListedNode[]> {
  return (await core.listNode()).items;
}

/** Fetches when each Node object was created. */
export async function fetchCreationTimes({ core }: ApiClients): Promise<ReadonlyMap<string, Date | undefined>> {
  const { items } = await core.listNode();
  return new Map(items.map(({ metadata }) => [metadata?.name ?? "", metadata?.creationTimestamp]));
}

/** Marks a node for an install of this project; with `passed` also which machine it is. */
export async function markNode(
  { core }: ApiClients,
  name: string,
  { namespace, mark }: { readonly namespace: string; readonly mark: PreflightMark },
): Promise<void> {
  const key = formatMarkKey(namespace);
  const machine = mark === "passed" ? formatTestedMachine(await core.readNode({ name })) : null;
  const mergePatch = setHeaderOptions("Content-Type", "application/merge-patch+json");
  const body = { metadata: { labels: { [key]: mark }, annotations: { [key]: machine } } };
  await core.patchNode({ name, body }, mergePatch);
}

/** A kubelet writes the status of its node every few seconds, other programs its taints: each is a new version. */
const writeAttempts = 5;

/**
 * Replaces the taint of quarantine of a node; without a reason removes it. Reads the node again if it changes
 * meanwhile.
 * @throws ApiException with code 409 if it does so time after time
 */
export async function setQuarantine(clients: ApiClients, name: string, reason?: QuarantineReason): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await replaceQuarantine(clients, name, reason);
    } catch (error) {
      if (!isObjectConflict(error) || attempt === writeAttempts) throw error;
    }
  }
}

async function replaceQuarantine({ core }: ApiClients, name: string, reason?: QuarantineReason): Promise<void> {
  const { metadata, spec } = await core.readNode({ name });
  const others = (spec?.taints ?? []).filter(({ key }) => key !== quarantineTaint);
  const taints = [...others, ...(reason === undefined ? [] : [buildQuarantineTaint(reason)])];
  const mergePatch = setHeaderOptions("Content-Type", "application/merge-patch+json");
  // The version refuses the patch if another program changed the list, which is replaced as a whole.
  const body = { metadata: { resourceVersion: metadata?.resourceVersion }, spec: { taints } };
  await core.patchNode({ name, body }, mergePatch);
}
