import type * as pulumi from "@pulumi/pulumi";
import type { HostAccess } from "./remoteHost.ts";
import { runOnHost } from "./remoteHost.ts";

interface UsedTokenArgs {
  /** A control plane that is up. */
  readonly control: HostAccess;
  /** The command with the token. */
  readonly join: pulumi.Output<string>;
  /** The node that has joined. */
  readonly joined: pulumi.Resource;
  readonly parent: pulumi.Resource;
}

/** Deletes the token of a node once it has joined: another machine could join with it for the rest of the day. */
export function deleteUsedToken(node: string, { control, join, joined, parent }: UsedTokenArgs): void {
  runOnHost(`${node}-used-token`, {
    ...control,
    script: "delete-token.sh",
    input: { JOIN: join },
    after: [joined],
    parent,
  });
}
