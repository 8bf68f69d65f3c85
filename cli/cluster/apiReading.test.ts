import type { ApiConnection } from "../../plugins/kubernetes/apiConnection.ts";
import { ApiError, UnreachableError } from "../../plugins/kubernetes/providerErrors.ts";
import { readPath } from "./apiReading.ts";

jest.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));

/** Reads a path from a server that fails like this, one time after the other, and then answers. */
async function readThrough(...failures: readonly Error[]) {
  const callApi = jest.fn<Promise<object>, []>();
  for (const failure of failures) callApi.mockRejectedValueOnce(failure);
  callApi.mockResolvedValue({ body: "answer" });
  const answer = await readPath({ callApi } as unknown as ApiConnection, "/version").catch(
    (error: Error) => error.message,
  );
  return [answer, callApi.mock.calls.length];
}

it("reads again from a server that fails for a moment", async () => {
  const failures = [new ApiError(500, { message: "etcdserver: leader changed" }), new ApiError(429, {})];
  expect(await readThrough(...failures)).toEqual(["answer", 3]);
});

it.each([
  ["what does not exist", new ApiError(404, {}), null],
  ["what the user may not read", new ApiError(403, { message: 'User "ada" cannot list resource "nodes"' }), undefined],
  ["from a server that does not answer", new UnreachableError("connect ECONNREFUSED"), "connect ECONNREFUSED"],
])("reads %s once", async (_, failure, answer) => {
  expect(await readThrough(failure)).toEqual([answer, 1]);
});
