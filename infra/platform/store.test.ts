import * as pulumi from "@pulumi/pulumi";
import { gpuCluster } from "../../jobs/kube/outputs.fixture.ts";
import type { StoreConfig } from "../config.ts";
import { Experiments } from "./experiments.ts";

interface Kept {
  type: string;
  /** The name under which the API server knows who set its fields; undefined where it follows from Pulumi's state. */
  owner: string | undefined;
}

/** What the engine is told to leave in the cluster when the stack is destroyed. */
async function kept(store: StoreConfig): Promise<Kept[]> {
  const found: Kept[] = [];
  await pulumi.runtime.setMocks({ call: () => ({}), newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }) });
  const note = ({ type, props, opts }: pulumi.ResourceTransformationArgs): undefined => {
    const { metadata } = props as { metadata?: { annotations?: Record<string, string> } };
    if ("retainOnDelete" in opts && opts.retainOnDelete === true) found.push({ type, owner: metadata?.annotations?.["pulumi.com/patchFieldManager"] });
  };
  const { hardware, images } = gpuCluster;
  new Experiments("experiments", { store, hardware, images, cpu: { cores: 1, memoryGiB: 1 }, controllers: [] }, { transformations: [note] });
  await pulumi.runtime.disconnect();
  return found;
}

describe("the store of a destroyed stack", () => {
  it("of a storage class stays with claim and namespace, which the class would delete the results with, and whoever comes next may take them over", async () => {
    expect(await kept({ kind: "storageClass", name: "lustre", size: "50Ti" })).toEqual([
      { type: "kubernetes:core/v1:Namespace", owner: "mixcpt-store" },
      { type: "kubernetes:core/v1:PersistentVolumeClaim", owner: "mixcpt-store" },
    ]);
  });

  it("in a directory stays by itself, so that nothing is left in the cluster", async () => {
    expect(await kept({ kind: "path", path: "/lustre" })).toEqual([]);
  });
});
