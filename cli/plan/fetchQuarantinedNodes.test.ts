import { fetchKubectlList } from "../kubernetes/kubectl.ts";
import { fetchQuarantinedNodes } from "./fetchQuarantinedNodes.ts";

jest.mock("../engine/clusterKubeconfig.ts", () => ({ updateKubeconfig: () => Promise.resolve() }));
jest.mock("../kubernetes/kubectl.ts", () => ({ fetchKubectlList: jest.fn() }));
jest.mock("../../workspace/toolchain.ts", () => ({ listKnownPrograms: () => ({}) }));

it("finds the nodes in quarantine among those of the cluster", async () => {
  const taint = { key: "mixcpt.io/quarantine", value: "operator", effect: "NoSchedule" };
  const items = [
    { metadata: { name: "n9" }, spec: { taints: [{ key: "amd.com/gpu", effect: "NoSchedule" }, taint] } },
    { metadata: { name: "n7" }, spec: { taints: [taint] } },
    { metadata: { name: "n1" }, spec: { podCIDR: "10.244.1.0/24" } },
  ];
  jest.mocked(fetchKubectlList).mockResolvedValue({ json: JSON.stringify({ items }) });
  expect(await fetchQuarantinedNodes("site")).toEqual(["n7", "n9"]);
});

it("finds none if the cluster does not respond", async () => {
  jest.mocked(fetchKubectlList).mockResolvedValue({ unavailable: "no response" });
  expect(await fetchQuarantinedNodes("site")).toEqual([]);
});
