import { hasOtherBackend } from "../engine/backend.ts";
import { readClusterConfig } from "./readClusterConfig.ts";

/**
 * Which hosts there are is read from Pulumi's state in this checkout.
 * @throws Error for a cluster of local hosts whose state is kept elsewhere
 */
export function refuseOtherBackend(stack: string): void {
  if (!hasOtherBackend() || readClusterConfig(stack).kind !== "local") return;
  throw new Error(
    `cluster "${stack}" is made of hosts of this machine, whose state must lie in this checkout, and PULUMI_BACKEND_URL names another backend: unset PULUMI_BACKEND_URL for this command`,
  );
}

/** What stands on a cluster is read from the same state: where that is kept elsewhere, says so. */
export function warnOtherBackend(stack: string, print: (line: string) => void): void {
  if (hasOtherBackend())
    print(
      `  PULUMI_BACKEND_URL names another backend: what stands on cluster "${stack}" is not seen here; ./mixcpt pulumi stack ls --all lists the stacks`,
    );
}
