import type { ApiConnection } from "../../plugins/kubernetes/apiConnection.ts";
import { isForbiddenError, isMissingObjectError } from "../../plugins/kubernetes/providerErrors.ts";

/** Reads a path of the API: undefined if the user may not, null if it does not exist. */
export async function readPath(connection: ApiConnection, path: string): Promise<unknown> {
  try {
    return (await connection.callApi({ method: "GET", path })).body;
  } catch (error) {
    if (isForbiddenError(error)) return undefined;
    if (isMissingObjectError(error)) return null;
    throw error;
  }
}
