import type { ApiConnection } from "../../plugins/kubernetes/apiConnection.ts";
import {
  ApiError,
  computeOutageSeconds,
  isForbiddenError,
  isMissingObjectError,
} from "../../plugins/kubernetes/providerErrors.ts";
import { retryTransientFailures } from "../../plugins/kubernetes/retry.ts";

/** Seconds for which a server that answers is asked again after a failure. Without an answer it is not. */
const failureSeconds = 10;

/** A missing right is no failure here: what the user may not read is left out. */
function computeFailureSeconds(error: Error): number {
  return error instanceof ApiError && !isForbiddenError(error)
    ? Math.min(failureSeconds, computeOutageSeconds(error))
    : 0;
}

/** Reads a path of the API: undefined if the user may not, null if it does not exist. */
export async function readPath(connection: ApiConnection, path: string): Promise<unknown> {
  try {
    return await retryTransientFailures(async () => (await connection.callApi({ method: "GET", path })).body, {
      cancel: new AbortController().signal,
      computeSeconds: computeFailureSeconds,
      computeLongest: () => failureSeconds,
      onRetry: () => undefined,
    });
  } catch (error) {
    if (isForbiddenError(error)) return undefined;
    if (isMissingObjectError(error)) return null;
    throw error;
  }
}
