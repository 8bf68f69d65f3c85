import type { ApiConnection } from "../../plugins/kubernetes/apiConnection.ts";
import { connectToApiServer } from "../../plugins/kubernetes/apiConnection.ts";
import {
  computeOutageSeconds,
  isForbiddenError,
  isMissingObjectError,
} from "../../plugins/kubernetes/providerErrors.ts";
import { formatOutage, retryTransientFailures } from "../../plugins/kubernetes/retry.ts";
import type { LinePrinter } from "../terminal/printLine.ts";

/** A server that is silent for this long is asked again, or counts as unreachable. */
const responseTimeoutMs = 10_000;

/** What to do while a server does not answer as it should. */
export interface OutageWait {
  readonly print: LinePrinter;
  /** Returns the longest time for which a request is repeated after a failure, in seconds; that of `up` by default. */
  readonly computeLongest?: (error: Error) => number;
}

export type ApiRequest = Parameters<ApiConnection["callApi"]>[0];

/**
 * Sends a request, which must be safe to repeat. While the server restarts or is overloaded, repeats it and prints one
 * line.
 * @throws ApiError or UnreachableError if that does not pass
 */
export function callPatiently(
  connection: ApiConnection,
  request: ApiRequest,
  { print, computeLongest = () => Infinity }: OutageWait,
): Promise<Readonly<Record<string, unknown>>> {
  let announced = false;
  const callApi = async () => (await connection.callApi({ timeoutMs: responseTimeoutMs, ...request })).body;
  return retryTransientFailures(callApi, {
    cancel: new AbortController().signal,
    computeSeconds: computeOutageSeconds,
    computeLongest,
    onRetry: (error) => {
      if (!announced) print(`  ${formatOutage(error, computeLongest(error))}`);
      announced = true;
    },
  });
}

/**
 * Reads a path of the API. While the server restarts or is overloaded, repeats the request and prints one line.
 * @throws ApiError or UnreachableError if that does not pass
 */
export function readPatiently(
  connection: ApiConnection,
  path: string,
  wait: OutageWait,
): Promise<Readonly<Record<string, unknown>>> {
  return callPatiently(connection, { method: "GET", path }, wait);
}

/**
 * Waits until an API server is ready. If it answers that this user may not know, its access rules decide about the
 * requests that follow.
 * @throws ApiError or UnreachableError if it does not become ready, or refuses the credentials
 */
export async function awaitReadyServer(connection: ApiConnection, wait: OutageWait): Promise<void> {
  try {
    await readPatiently(connection, "/readyz", wait);
  } catch (error) {
    if (!isForbiddenError(error) && !isMissingObjectError(error)) throw error;
  }
}

/**
 * Checks that the API server of a kubeconfig is ready, and waits out a restart of it.
 * @throws Error if the kubeconfig is not usable or the server does not become ready
 */
export async function probeApiServer(kubeconfig: string, wait: OutageWait): Promise<void> {
  await awaitReadyServer(await connectToApiServer({ kubeconfig, context: undefined, cluster: undefined }), wait);
}
