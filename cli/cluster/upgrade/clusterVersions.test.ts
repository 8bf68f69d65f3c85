import type { ApiConnection } from "../../../plugins/kubernetes/apiConnection.ts";
import { fetchClusterVersions } from "./clusterVersions.ts";

function buildNode(name: string, spec: object, annotations?: object) {
  const conditions = [{ type: "Ready", status: "True" }];
  return { metadata: { name, annotations }, spec, status: { nodeInfo: { kubeletVersion: "v1.37.2" }, conditions } };
}

const answers: Readonly<Record<string, object>> = {
  "/api/v1/nodes": {
    items: [
      buildNode("gpu-1", {}),
      buildNode("gpu-2", { unschedulable: true }, { "mixcpt.io/upgrade": "closed" }),
      buildNode("gpu-3", { unschedulable: true }, { "example.com/by": "ana" }),
      buildNode("gpu-4", {}, { "mixcpt.io/upgrade": "closed" }),
    ],
  },
  "/api/v1/namespaces/kube-system/pods": { items: [] },
  "/api/v1/namespaces/kube-system/configmaps/kubeadm-config": {
    data: { ClusterConfiguration: "kubernetesVersion: v1.37.2" },
  },
};

it("tells nodes that an upgrade closed from those of an administrator", async () => {
  const callApi = ({ path }: { path: string }) => Promise.resolve({ body: answers[path] });
  const versions = await fetchClusterVersions({ callApi } as unknown as ApiConnection, () => undefined);
  expect(versions.nodes.filter(({ isClosed }) => isClosed).map(({ name }) => name)).toEqual(["gpu-2"]);
});
