import type * as pulumi from "@pulumi/pulumi";
import type { Host, HostAccess } from "./remoteHost.ts";
import { runOnHost } from "./remoteHost.ts";

/** A taint as kubectl writes it. */
function formatTaint({ key, value = "", effect }: NonNullable<Host["taints"]>[number]): string {
  return `${key}=${value}:${effect}`;
}

interface NodeLabelArgs {
  readonly host: Host;
  readonly control: HostAccess;
  readonly after: readonly pulumi.Resource[];
  readonly parent: pulumi.Resource;
}

/**
 * Gives a node the labels and taints of the inventory, and takes back those that left the inventory. No resource for
 * hosts without these fields.
 */
export function setNodeLabels(name: string, { host, control, after, parent }: NodeLabelArgs): pulumi.Resource[] {
  const { labels, taints } = host;
  if (labels === undefined || taints === undefined) return [];
  const input = { NODE_NAME: host.name, LABELS: JSON.stringify(labels), TAINTS: taints.map(formatTaint).join("\n") };
  // The node of a machine that was reinstalled is a new one.
  const triggers = [host.hostKey];
  return [runOnHost(`${name}-labels`, { ...control, script: "set-node-labels.sh", input, triggers, after, parent })];
}
