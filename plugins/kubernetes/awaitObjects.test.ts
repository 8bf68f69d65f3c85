import { awaitReady } from "./awaitObjects.ts";
import type { ProviderCluster } from "./providerCluster.ts";
import { ApiError, UnreachableError } from "./providerErrors.ts";

const identity = { apiVersion: "v1", kind: "Namespace", namespace: "", name: "mixcpt" };

function buildNamespace(phase: string) {
  return { apiVersion: "v1", kind: identity.kind, metadata: { name: identity.name }, status: { phase } };
}

/** A cluster that returns or throws each of these in turn when the object is fetched. */
function mockCluster(...results: (Error | ReturnType<typeof buildNamespace>)[]) {
  return {
    cancel: new AbortController().signal,
    log: () => undefined,
    announceOutage: () => undefined,
    retryForResource: (_urn: string, action: () => Promise<unknown>) => action(),
    findLiveObject: async () => {
      const result = results.shift();
      if (result instanceof Error) throw result;
      return result;
    },
  } as unknown as ProviderCluster;
}

function awaitNamespace(cluster: ProviderCluster) {
  return awaitReady(cluster, {
    identity,
    inputs: buildNamespace(""),
    live: buildNamespace("Pending"),
    timeout: 30,
    urn: "",
  });
}

it.each([
  new ApiError(429, { message: "too many requests" }),
  new ApiError(503, { message: "shutting down" }),
  new UnreachableError("away"),
])("keeps waiting while the API server is briefly unavailable: %s", async (error) => {
  expect(await awaitNamespace(mockCluster(error, buildNamespace("Active")))).toEqual(buildNamespace("Active"));
});

it("stops waiting when the credentials are refused", async () => {
  await expect(awaitNamespace(mockCluster(new ApiError(403, { message: "forbidden" })))).rejects.toThrow("forbidden");
});
