/**
 * A real Pulumi engine, a real API server and the stand-in plugin: a destroyed stack leaves its claim in the cluster, as
 * a storage class may delete the results together with the claim.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { makeNamespace } from "../../infra/platform/experimentResources.ts";
import { makeStore } from "../../infra/platform/store.ts";
import { useTestBed } from "../support/testBed.ts";

const testBed = useTestBed();

const store = { kind: "storageClass", name: "lustre", size: "1Gi" } as const;

async function fetchClaimMetadata() {
  return (await testBed.fetchLiveObject("/api/v1/namespaces/mixcpt/persistentvolumeclaims/store")).metadata;
}

it("keeps claim and namespace after destroy, and the next up takes them over", async () => {
  const stack = await testBed.engine.selectStack(
    "store",
    testBed.declareOnCluster((options) => {
      const namespace = makeNamespace({ names: { namespace: "mixcpt" }, store }, options);
      makeStore(store, { parent: namespace, namespace, name: "mixcpt" });
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
