import { fetchKubectlList } from "../kubernetes/kubectl.ts";
import { findClusterConfig } from "../cluster/readClusterConfig.ts";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import { fetchUnavailableNodes } from "./fetchUnavailableNodes.ts";

jest.mock("../engine/clusterKubeconfig.ts", () => ({ updateKubeconfig: jest.fn(() => Promise.resolve()) }));
jest.mock("../cluster/readClusterConfig.ts", () => ({ findClusterConfig: jest.fn() }));
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
  expect(await fetchUnavailableNodes("site")).toEqual({ quarantined: ["n7", "n9"], closed: [] });
});

it("finds the nodes that wait for preflight, where the cluster's file requires it", async () => {
  const local = { kind: "local", hosts: 2, emulated: { gpu: "MI250X", devicesPerNode: 2 } };
  const config = parseClusterConfig({ ...local, preflight: { required: true } }, "f");
  jest.mocked(findClusterConfig).mockReturnValue(config);
  const status = { capacity: { "amd.com/gpu": "2" }, nodeInfo: { machineID: "a", systemUUID: "b" } };
  const labels = { "amd.com/gpu.device-id": "7408", "preflight.mixcpt.io/mixcpt": "passed" };
  const annotations = { "preflight.mixcpt.io/mixcpt": '{"machine":"another"}' };
  const items = [
    { metadata: { name: "n1" }, spec: {}, status },
    { metadata: { name: "n2", labels }, spec: {}, status },
    { metadata: { name: "n3", labels, annotations }, spec: {}, status },
    { metadata: { name: "login" }, spec: {}, status: { capacity: { cpu: "4" } } },
  ];
  jest.mocked(fetchKubectlList).mockResolvedValue({ json: JSON.stringify({ items }) });
  expect((await fetchUnavailableNodes("site")).closed).toEqual([
    { name: "n1", state: "untested" },
    { name: "n3", state: "changed" },
  ]);
});

it("finds none if the cluster does not respond", async () => {
  jest.mocked(fetchKubectlList).mockResolvedValue({ unavailable: "no response" });
  expect(await fetchUnavailableNodes("site")).toEqual({ quarantined: [], closed: [] });
});

it("asks only once the way to the cluster is open, and not without a kubeconfig", async () => {
  const steps: string[] = [];
  jest.mocked(updateKubeconfig).mockImplementationOnce(async () => {
    await Promise.resolve();
    steps.push("open");
  });
  jest.mocked(fetchKubectlList).mockImplementation(() => {
    steps.push("ask");
    return Promise.resolve({ json: '{"items":[]}' });
  });
  await fetchUnavailableNodes("site");
  jest.mocked(updateKubeconfig).mockRejectedValueOnce(new Error("no state"));
  expect(await fetchUnavailableNodes("site")).toEqual({ quarantined: [], closed: [] });
  expect(steps).toEqual(["open", "ask"]);
});
