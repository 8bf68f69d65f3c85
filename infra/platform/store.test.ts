import * as pulumi from "@pulumi/pulumi";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { StoreConfig } from "../clusterConfig.ts";
import { ExperimentResources } from "./experimentResources.ts";

interface RetainedResource {
  readonly type: string;
  /** The field manager that the annotation names; undefined if Pulumi derives it from its state. */
  readonly fieldManager: string | undefined;
}

/** Resources that the engine leaves in the cluster when the stack is destroyed. */
async function listRetainedResources(store: StoreConfig): Promise<RetainedResource[]> {
  const retained: RetainedResource[] = [];
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
  });
  const recordRetained = ({ type, props, opts }: pulumi.ResourceTransformationArgs): undefined => {
    const { metadata } = props as { metadata?: { annotations?: Record<string, string> } };
    if ("retainOnDelete" in opts && opts.retainOnDelete === true)
      retained.push({ type, fieldManager: metadata?.annotations?.["pulumi.com/patchFieldManager"] });
  };
  const { hardware, images, pods } = gpuCluster;
  new ExperimentResources(
    "experiments",
    {
      names: gpuCluster,
      store,
      hardware,
      images,
      pods,
      podSecurity: undefined,
      cpu: { cores: 1, memoryGiB: 1 },
      controllers: [],
    },
    { transformations: [recordRetained] },
  );
  await pulumi.runtime.disconnect();
  return retained;
}

describe("the store of a destroyed stack", () => {
  it("keeps claim and namespace of a storage class, under a field manager that another state can use", async () => {
    expect(await listRetainedResources({ kind: "storageClass", name: "lustre", size: "50Ti" })).toEqual([
      { type: "kubernetes:core/v1:Namespace", fieldManager: "mixcpt-store" },
      { type: "kubernetes:core/v1:PersistentVolumeClaim", fieldManager: "mixcpt-store" },
    ]);
  });

  it("leaves nothing in the cluster if it is a directory, which remains anyway", async () => {
    expect(await listRetainedResources({ kind: "path", path: "/lustre" })).toEqual([]);
  });
});
