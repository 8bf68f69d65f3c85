import { deleteWorkload } from "./deleteWorkload.ts";

/** What the requests to the server answer, one after the other. */
let mockAnswers: readonly (object | Error)[];
let mockRequests: string[];

jest.mock("./kubeconfigFile.ts", () => ({ readClusterKubeconfig: () => "", readClusterNamespace: () => "mixcpt" }));

jest.mock("./apiClients.ts", () => {
  const answer = (request: string) => {
    const next = mockAnswers[mockRequests.push(request) - 1];
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  };
  return {
    createApiClients: () => ({
      custom: { deleteNamespacedCustomObject: () => answer("delete"), getNamespacedCustomObject: () => answer("get") },
    }),
  };
});

const [missing, busy] = [404, 503].map((code) => Object.assign(new Error(`status ${String(code)}`), { code }));

it("deletes a workload and waits until it is gone, although the server fails for a moment", async () => {
  [mockAnswers, mockRequests] = [[busy, {}, {}, busy, missing] as (object | Error)[], []];
  await deleteWorkload("dev", { kind: "trainjob", name: "a" });
  expect(mockRequests).toEqual(["delete", "delete", "get", "get", "get"]);
});
