import type { ProviderCluster } from "./providerCluster.ts";
import { ApiError, UnreachableError } from "./providerErrors.ts";
import { readObject } from "./readObject.ts";

const inputs = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "mixcpt" },
  data: { memory: "1024Mi" },
};
const live = { ...inputs, metadata: { ...inputs.metadata, uid: "1" }, data: { memory: "1Gi" } };

/** A cluster on which a dry run of the recorded inputs fails with this error. */
function mockFailingCluster(error: Error) {
  return {
    findLiveObject: () => Promise.resolve(live),
    retryForResource: (_urn: string, action: () => Promise<unknown>) => action(),
    selectFieldManager: () => "pulumi-kubernetes-1f0c2a9b",
    isApplyNoOp: () => Promise.reject(error),
  } as unknown as ProviderCluster;
}

function readWithFailure(error: Error) {
  return readObject(mockFailingCluster(error), {
    id: "mixcpt/a",
    type: "kubernetes:core/v1:ConfigMap",
    urn: "urn",
    inputs: { value: inputs, secrets: [] },
    outputs: undefined,
  } as unknown as Parameters<typeof readObject>[1]);
}

it.each([new ApiError(422, { message: "immutable" }), new ApiError(403, { message: "denied the request" })])(
  "replaces inputs that are now rejected with the live values: %s",
  async (rejection) => {
    expect(JSON.stringify(await readWithFailure(rejection))).toContain("1Gi");
  },
);

it.each([
  new ApiError(429, { message: "too many requests" }),
  new ApiError(503, { message: "shutting down" }),
  new UnreachableError("away"),
])("keeps the recorded inputs while the API server is unavailable: %s", async (failure) => {
  await expect(readWithFailure(failure)).rejects.toBe(failure);
});
