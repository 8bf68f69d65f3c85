import type { ApiConnection } from "../../plugins/kubernetes/apiConnection.ts";
import { connectToApiServer } from "../../plugins/kubernetes/apiConnection.ts";
import { computeOutageSeconds } from "../../plugins/kubernetes/providerErrors.ts";
import { formatOutage, retryTransientFailures } from "../../plugins/kubernetes/retry.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import { isAccessDenied, isNotFoundError } from "./apiErrors.ts";

/** A server that is silent for this long is asked again, or counts as unreachable. */
const responseTimeoutMs = 10_000;

/**
 * Reads a path of the API. While the server restarts or is overloaded, repeats the request and prints one line.
 * @throws ApiError or UnreachableError if that does not pass
 */
export function readPatiently(
  connection: ApiConnection,
  path: string,
  print: LinePrinter,
): Promise<Readonly<Record<string, unknown>>> {
  let announced = false;
  const readPath = async () => (await connection.callApi({ method: "GET", path, timeoutMs: responseTimeoutMs })).body;
  return retryTransientFailures(readPath, {
    cancel: new AbortController().signal,
    computeSeconds: computeOutageSeconds,
    onRetry: (error) => {
      if (!announced) print(`  ${formatOutage(error)}`);
      announced = true;
    },
  });
}

/**
 * Checks that the API server of a kubeconfig is ready, as far as it tells this user, and waits out a restart of it.
 * @throws Error if the kubeconfig is not usable or the server does not become ready
 */
export async function probeApiServer(kubeconfig: string, print: LinePrinter): Promise<void> {
  const connection = await connectToApiServer({ kubeconfig, context: undefined, cluster: undefined });
  try {
    await readPatiently(connection, "/readyz", print);
  } catch (error) {
    // The server answered: its rules of access decide about the requests that follow.
    if (!isAccessDenied(error) && !isNotFoundError(error)) throw error;
  }
}
