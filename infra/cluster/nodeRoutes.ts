import * as pulumi from "@pulumi/pulumi";
import { formatPodRange } from "../network/podNetworkConfig.ts";
import type { Host, HostAccess } from "./remoteHost.ts";
import { buildHostCommand, runFromOperator, runOnHost } from "./remoteHost.ts";

/** A line `RANGE via ADDRESS` for the pods of each host. */
export function renderRouteTable(hosts: readonly Host[], pods: string): pulumi.Output<string> {
  const lines = hosts.map(({ number, address }) => pulumi.interpolate`${formatPodRange(number, pods)} via ${address}`);
  return pulumi.all(lines).apply((routes) => routes.join("\n"));
}

interface RouteArgs extends HostAccess {
  readonly table: pulumi.Output<string>;
  readonly after: readonly pulumi.Resource[];
  readonly parent: pulumi.Resource;
}

/** Publishes the table on the control plane, where every node reads it at boot and every five minutes. */
export function publishRoutes(name: string, { table, ...args }: RouteArgs): pulumi.Resource {
  return runOnHost(`${name}-route-table`, { ...args, script: "publish-routes.sh", input: { ROUTES: table } });
}

/**
 * Sets the routes of a node at once, so that pods of a new node are reachable when `up` ends. A node that does not
 * answer is reported and skipped.
 */
export function pushRoutes(name: string, { table, after, parent, ...access }: RouteArgs): pulumi.Resource {
  const input = { SET_ROUTES: buildHostCommand("set-routes.sh", access, { ROUTES: table }) };
  return runFromOperator(`${name}-routes`, { ...access, create: "push-routes.sh", input, after, parent });
}
