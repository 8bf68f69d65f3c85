import { parseAllDocuments } from "yaml";
import { kubeadmConfig, podRange } from "./kubeadm.ts";

const input = { nodeName: "gpu-1", address: "10.0.0.5", kubernetesVersion: "v1.36.3", etcdVersion: "3.6.16", corednsVersion: "v1.12.4" };
const documents = () => parseAllDocuments(kubeadmConfig(input)).map((document) => document.toJS() as Record<string, unknown>);

describe("kubeadm's configuration", () => {
  it("is one document each for the first node, the cluster and the kubelets", () => {
    expect(documents().map(({ kind }) => kind)).toEqual(["InitConfiguration", "ClusterConfiguration", "KubeletConfiguration"]);
  });

  it("pulls nothing: images are brought to the nodes beforehand", () => {
    expect(documents()[0]?.["nodeRegistration"]).toMatchObject({ imagePullPolicy: "Never", name: "gpu-1" });
  });

  it("gives every node a range of pod addresses of its own inside the cluster's", () => {
    const ranges = Array.from({ length: 200 }, (_, node) => podRange(node));
    expect(new Set(ranges).size).toBe(200);
    expect(ranges.every((range) => /^10\.244\.\d+\.0\/24$/.test(range))).toBe(true);
  });
});
