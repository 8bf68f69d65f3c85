import { hasOtherBackend } from "../engine/backend.ts";
import { readClusterConfig } from "./readClusterConfig.ts";

/**
 * Refuses to manage local hosts without their state, from which this checkout knows which hosts exist.
 * @throws Error for a cluster of local hosts if the user's environment names another Pulumi backend
 */
export function refuseOtherBackend(stack: string): void {
  if (!hasOtherBackend() || readClusterConfig(stack).kind !== "local") return;
  throw new Error(
    `cluster "${stack}" consists of hosts of this machine, whose state must be stored in this checkout; ` +
      "unset PULUMI_BACKEND_URL, which names another backend, for this command",
  );
}

/** Prints a warning if the state that records the stacks on a cluster is stored in another backend. */
export function warnOtherBackend(stack: string, print: (line: string) => void): void {
  if (hasOtherBackend())
    print(
      `  PULUMI_BACKEND_URL names another backend, so the stacks on cluster "${stack}" are not visible here; ` +
        "list them with ./mixcpt pulumi stack ls --all",
    );
}
