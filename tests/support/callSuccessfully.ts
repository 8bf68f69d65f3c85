import type { ApiServer } from "./apiServer.ts";

/** Sends a request that must succeed, and returns the body of its response. */
export async function callSuccessfully(
  api: ApiServer,
  ...request: Parameters<ApiServer["call"]>
): Promise<Record<string, unknown>> {
  const { status, body } = await api.call(...request);
  if (status >= 300) throw new Error(`${request[0]} ${request[1]}: ${JSON.stringify(body)}`);
  return body;
}
