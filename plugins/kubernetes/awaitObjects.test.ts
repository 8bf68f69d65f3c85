import { awaitReady } from "./awaitObjects.ts";
import type { ProviderCluster } from "./providerCluster.ts";
import { ApiError, UnreachableError } from "./providerErrors.ts";

const identity = { apiVersion: "v1", kind: "Namespace", namespace: "", name: "mixcpt" };

function buildNamespace(phase: string) {
  return { apiVersion: "v1", kind: identity.kind, metadata: { name: identity.name }, status: { phase } };
}

/** A cluster that gives each of these in turn when it is asked for the object. */
function mockCluster(...answers: (Error | ReturnType<typeof buildNamespace>)[]) {
  return {
    cancel: new AbortController().signal,
    log: () => undefined,
    findLiveObject: async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
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
])("an object is awaited through a moment in which the API server does not say how it is: %s", async (moment) => {
  expect(await awaitNamespace(mockCluster(moment, buildNamespace("Active")))).toEqual(buildNamespace("Active"));
});

it("credentials that are refused end the waiting", async () => {
  await expect(awaitNamespace(mockCluster(new ApiError(403, { message: "forbidden" })))).rejects.toThrow("forbidden");
});
