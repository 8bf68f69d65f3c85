import { loadAll } from "js-yaml";
import { formatPodRange, renderKubeadmConfig } from "./kubeadmConfig.ts";

const input = {
  nodeName: "gpu-1",
  address: "10.0.0.5",
  kubernetesVersion: "v1.36.3",
  etcdVersion: "3.6.16",
  corednsVersion: "v1.12.4",
};

function parseDocuments() {
  return loadAll(renderKubeadmConfig(input)) as Record<string, unknown>[];
}

describe("the configuration of kubeadm", () => {
  it("has one document each for the first node, the cluster and the kubelets", () => {
    expect(parseDocuments().map(({ kind }) => kind)).toEqual([
      "InitConfiguration",
      "ClusterConfiguration",
      "KubeletConfiguration",
    ]);
  });

  it("never pulls images, because they are sent to the nodes first", () => {
    expect(parseDocuments()[0]?.["nodeRegistration"]).toMatchObject({ imagePullPolicy: "Never", name: "gpu-1" });
  });

  it("gives every node a separate range of pod addresses inside the cluster's", () => {
    const ranges = Array.from({ length: 250 }, (_, index) => formatPodRange(index + 1));
    expect(new Set(ranges).size).toBe(250);
    expect([ranges[0], ranges[249]]).toEqual(["10.244.1.0/24", "10.244.250.0/24"]);
  });
});
