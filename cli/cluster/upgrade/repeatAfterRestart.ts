import { awaitReadyServer } from "../../kubernetes/probeApiServer.ts";
import { getLastLine } from "../../terminal/getLastLine.ts";
import type { UpgradeContext } from "./upgradeContext.ts";

/** Matches the last line of kubectl if its answer may pass: as infra/cluster/scripts/ask-api-server.sh has it. */
export const outagePattern = new RegExp(
  [
    "was refused|connection refused|connection reset|connection timed out|broken pipe|no route to host|i/o timeout",
    String.raw`TLS handshake timeout|client connection lost|: (unexpected )?EOF$|an error on the server|\(BadGateway\)`,
    String.raw`\(TooManyRequests\)|too many requests|\(ServiceUnavailable\)|unable to handle the request`,
    String.raw`\(InternalError\)|\((Server)?Timeout\)|etcdserver: `,
  ].join("|"),
  "i",
);

/** Takes an action, which must be safe to repeat, again if the only API server restarts with its node meanwhile. */
export async function repeatAfterRestart<T>(
  { connection, print }: Pick<UpgradeContext, "connection" | "print">,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Error) || !outagePattern.test(getLastLine(error.message))) throw error;
    await awaitReadyServer(connection, { print });
    return action();
  }
}
