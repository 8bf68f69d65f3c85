import type * as pulumi from "@pulumi/pulumi";
import type { NodeRole } from "./hostOwnership.ts";
import { claimHost } from "./hostOwnership.ts";
import type { HostAccess } from "./remoteHost.ts";

interface NamedAccess extends HostAccess {
  readonly name: string;
  readonly role: NodeRole;
}

interface ClaimsArgs {
  readonly after: readonly pulumi.Resource[];
  readonly parent: pulumi.Resource;
}

/**
 * Claims every host. The claims of workers depend on those of the control planes, which therefore remain until they
 * have drained and deleted the workers, and leave one after another: etcd lets one member go at a time.
 */
export function claimHosts<Access extends NamedAccess>(
  accesses: readonly Access[],
  { after, parent }: ClaimsArgs,
): (Access & { readonly claim: pulumi.Resource })[] {
  const planes = accesses.filter(({ role }) => role === "controlPlane");
  const [first, second] = planes;
  const claims = new Map<Access, pulumi.Resource>();
  for (const access of [...planes, ...accesses.filter(({ role }) => role === "worker")]) {
    const control = access === first ? second : first;
    const earlier = access.role === "worker" ? planes : [...claims.keys()];
    const claim = claimHost(access.name, {
      ...access,
      ...(control !== undefined && { control }),
      hasPeers: access.role === "controlPlane" && planes.length > 1,
      after: [...after, ...earlier.flatMap((plane) => claims.get(plane) ?? [])],
      parent,
    });
    claims.set(access, claim);
  }
  return accesses.flatMap((access) => {
    const claim = claims.get(access);
    return claim === undefined ? [] : { ...access, claim };
  });
}
