import * as pulumi from "@pulumi/pulumi";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { StoreConfig } from "../clusterConfig.ts";
import { ExperimentResources } from "./experimentResources.ts";

interface RetainedResource {
  readonly type: string;
  /** The name under which the API server knows who set its fields; undefined where it follows from Pulumi's state. */
  readonly owner: string | undefined;
}

/** What the engine is told to leave in the cluster when the stack is destroyed. */
async function listRetainedResources(store: StoreConfig): Promise<RetainedResource[]> {
  const found: RetainedResource[] = [];
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
  });
  const recordRetained = ({ type, props, opts }: pulumi.ResourceTransformationArgs): undefined => {
    const { metadata } = props as { metadata?: { annotations?: Record<string, string> } };
    if ("retainOnDelete" in opts && opts.retainOnDelete === true)
      found.push({ type, owner: metadata?.annotations?.["pulumi.com/patchFieldManager"] });
  };
  const { hardware, images } = gpuCluster;
  new ExperimentResources(
    "experiments",
    { store, hardware, images, cpu: { cores: 1, memoryGiB: 1 }, controllers: [] },
    { transformations: [recordRetained] },
  );
  await pulumi.runtime.disconnect();
  return found;
}

describe("the store of a destroyed stack", () => {
  it("of a storage class stays with claim and namespace, which the class would delete the results with, and whoever comes next may take them over", async () => {
    expect(await listRetainedResources({ kind: "storageClass", name: "lustre", size: "50Ti" })).toEqual([
      { type: "kubernetes:core/v1:Namespace", owner: "mixcpt-store" },
      { type: "kubernetes:core/v1:PersistentVolumeClaim", owner: "mixcpt-store" },
    ]);
  });

  it("in a directory stays by itself, so that nothing is left in the cluster", async () => {
    expect(await listRetainedResources({ kind: "path", path: "/lustre" })).toEqual([]);
  });
});
