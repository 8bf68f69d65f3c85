/**
 * A real Pulumi engine, a real API server and the stand-in plugin: what a destroyed stack leaves in the cluster where a
 * storage class would delete the results with their claim.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { makeNamespace } from "../../infra/platform/experimentResources.ts";
import { makeStore } from "../../infra/platform/store.ts";
import { startTestBed } from "../support/testBed.ts";
import type { TestBed } from "../support/testBed.ts";

jest.setTimeout(120_000);

let stage: TestBed;

beforeAll(async () => {
  stage = await startTestBed();
});

afterAll(() => stage?.close());

const store = { kind: "storageClass", name: "lustre", size: "1Gi" } as const;

async function fetchClaimMetadata() {
  return (await stage.fetchLiveObject("/api/v1/namespaces/mixcpt/persistentvolumeclaims/store")).metadata;
}

it("claim and namespace outlive the stack, and its next up takes them over", async () => {
  const stack = await stage.engine.selectStack(
    "store",
    stage.declareOnCluster((options) => {
      const namespace = makeNamespace(store, options);
      makeStore(store, { parent: namespace, namespace });
    }),
  );
  await stack.up();
  const { uid } = await fetchClaimMetadata();
  await stack.destroy();
  expect(await fetchClaimMetadata()).toMatchObject({ uid });
  expect(await fetchClaimMetadata()).not.toHaveProperty("deletionTimestamp");
  await stack.up();
  expect(await fetchClaimMetadata()).toMatchObject({ uid });
  expect((await stack.up()).summary.resourceChanges).toEqual({ same: 4 });
});
