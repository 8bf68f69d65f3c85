import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { buildCheck, buildResult } from "../../jobs/preflight/checkResults.fixture.ts";
import { emulatedCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { readRecordedOutputs } from "../engine/recordedOutputs.ts";
import { readConfigMapData, mergeConfigMapData } from "../kubernetes/configMapData.ts";
import { fetchCreationTimes, listPreflightNodes, markNode, setQuarantine } from "../kubernetes/preflightClient.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import { runPreflight } from "./runPreflight.ts";
import { runTargets } from "./runTargets.ts";

jest.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));
jest.mock("../cluster/connectClients.ts", () => ({ connectClients: () => Promise.resolve({}) }));
jest.mock("../cluster/readClusterConfig.ts", () => ({ readClusterConfig: jest.fn() }));
jest.mock("../engine/recordedOutputs.ts", () => ({ readRecordedOutputs: jest.fn() }));
jest.mock("../kubernetes/configMapData.ts", () => ({ mergeConfigMapData: jest.fn(), readConfigMapData: jest.fn() }));
jest.mock("../kubernetes/preflightClient.ts", () => ({
  fetchCreationTimes: jest.fn(),
  listPreflightNodes: jest.fn(),
  markNode: jest.fn(),
  setQuarantine: jest.fn(),
}));
jest.mock("./checkpointSample.ts", () => ({ selectCheckpointSample: () => ({ checkpointBytes: 1, assumedMBs: 1 }) }));
jest.mock("./runTargets.ts");

const local = { kind: "local", hosts: 2, emulated: { gpu: "MI250X", devicesPerNode: 2 } };
const labels = { "amd.com/gpu.device-id": "7408" };
const node = { cordoned: false, labels, taints: [], quarantine: undefined };

it("keeps its results although the server fails once at each request that follows the tests", async () => {
  jest.mocked(readRecordedOutputs).mockResolvedValue({ ...emulatedCluster });
  jest
    .mocked(readClusterConfig)
    .mockReturnValue(parseClusterConfig({ ...local, preflight: { required: true, cordon: true } }, "f"));
  jest.mocked(listPreflightNodes).mockResolvedValue([
    { ...node, name: "a" },
    { ...node, name: "b" },
  ]);
  const results = [
    buildResult(["a"], [buildCheck("gemm")]),
    buildResult(["b"], [buildCheck("ecc", { status: "fail" })]),
  ];
  jest.mocked(runTargets).mockResolvedValueOnce(results).mockResolvedValueOnce([]);
  const busy = Object.assign(new Error("etcdserver: request timed out"), { code: 500 });
  jest.mocked(readConfigMapData).mockResolvedValue({});
  jest.mocked(fetchCreationTimes).mockResolvedValue(
    new Map([
      ["a", undefined],
      ["b", undefined],
    ]),
  );
  for (const request of [readConfigMapData, mergeConfigMapData, fetchCreationTimes, setQuarantine, markNode])
    jest.mocked(request).mockRejectedValueOnce(busy);
  const { signal } = new AbortController();
  const request = { cluster: "lab", nodes: undefined, allPairs: false, waitMinutes: 1, signal, print: () => undefined };
  expect(await runPreflight(request)).toMatchObject({ cordoned: ["b"], opened: ["a"], closed: ["b"] });
  expect(mergeConfigMapData).toHaveBeenLastCalledWith({}, expect.anything(), {
    a: expect.any(String) as string,
    b: expect.any(String) as string,
  });
});
