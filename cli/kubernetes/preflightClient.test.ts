import type { ApiClients } from "./apiClients.ts";
import { setQuarantine } from "./preflightClient.ts";

jest.mock("@kubernetes/client-node", () => ({ setHeaderOptions: () => ({}) }));

interface NodePatch {
  readonly body: {
    readonly metadata: { readonly resourceVersion: string };
    readonly spec: { readonly taints: object[] };
  };
}

/** A server on which somebody else changes the node after each of the next readings. */
function buildNodeServer(otherChanges: number) {
  let version = 1;
  let taints: object[] = [{ key: "amd.com/gpu", effect: "NoSchedule" }];
  const core = {
    readNode: () => {
      const node = { metadata: { resourceVersion: String(version) }, spec: { taints } };
      if (version <= otherChanges)
        taints = [...taints, { key: `other-${String((version += 1))}`, effect: "NoSchedule" }];
      return Promise.resolve(node);
    },
    patchNode: ({ body: { metadata, spec } }: NodePatch) => {
      if (metadata.resourceVersion !== String(version))
        return Promise.reject(Object.assign(new Error("the object has been modified"), { code: 409 }));
      taints = spec.taints;
      return Promise.resolve();
    },
  };
  return { clients: { core } as unknown as ApiClients, listTaints: () => taints };
}

it("puts a node into quarantine that changes meanwhile, and keeps what others set", async () => {
  const { clients, listTaints } = buildNodeServer(2);
  await setQuarantine(clients, "gpu-1", "operator");
  expect(listTaints()).toMatchObject([
    { key: "amd.com/gpu" },
    { key: "other-2" },
    { key: "other-3" },
    { key: "mixcpt.io/quarantine", value: "operator" },
  ]);
});

it("gives a node up that changes time after time", async () => {
  const { clients } = buildNodeServer(100);
  await expect(setQuarantine(clients, "gpu-1", "operator")).rejects.toThrow("has been modified");
});
