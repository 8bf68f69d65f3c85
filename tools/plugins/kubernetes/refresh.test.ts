import type { Cluster } from "./cluster.ts";
import { ApiFailure, Unreachable } from "./failure.ts";
import { readObject } from "./refresh.ts";

const inputs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "mixcpt" }, data: { memory: "1024Mi" } };
const live = { ...inputs, metadata: { ...inputs.metadata, uid: "1" }, data: { memory: "1Gi" } };

/** A cluster whose answer to a rehearsal of the recorded inputs is this error. */
const clusterThat = (error: Error) =>
  ({
    find: () => Promise.resolve(live),
    patiently: (_urn: string, action: () => Promise<unknown>) => action(),
    managerOf: () => "pulumi-kubernetes-1f0c2a9b",
    isSame: () => Promise.reject(error),
  }) as unknown as Cluster;

const read = (error: Error) =>
  readObject(clusterThat(error), { id: "mixcpt/a", type: "kubernetes:core/v1:ConfigMap", urn: "urn", inputs: { value: inputs, secrets: [] }, outputs: undefined } as unknown as Parameters<typeof readObject>[1]);

it.each([new ApiFailure(422, { message: "immutable" }), new ApiFailure(403, { message: "denied the request" })])("inputs that are refused today give way to the live values: %s", async (refusal) => {
  expect(JSON.stringify(await read(refusal))).toContain("1Gi");
});

it.each([new ApiFailure(429, { message: "too many requests" }), new ApiFailure(503, { message: "shutting down" }), new Unreachable("away")])(
  "an API server that does not answer changes no recorded input: %s",
  async (failure) => {
    await expect(read(failure)).rejects.toBe(failure);
  },
);
