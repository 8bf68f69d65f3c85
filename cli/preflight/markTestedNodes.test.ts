import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { buildCheck, buildResult } from "../../jobs/preflight/checkResults.fixture.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import type { ApiClients } from "../kubernetes/apiClients.ts";
import { listPreflightNodes, markNode, setQuarantine } from "../kubernetes/preflightClient.ts";
import { markTestedNodes } from "./markTestedNodes.ts";

jest.mock("../cluster/readClusterConfig.ts", () => ({ readClusterConfig: jest.fn() }));
jest.mock("../kubernetes/preflightClient.ts", () => ({
  listPreflightNodes: jest.fn(),
  markNode: jest.fn(),
  setQuarantine: jest.fn(),
}));

const clients = {} as ApiClients;
const results = [
  buildResult(["a"], [buildCheck("gemm")]),
  buildResult(["b"], [buildCheck("gemm"), buildCheck("ecc", { status: "fail" })]),
  buildResult(["c"], [buildCheck("clock", { status: "warn" })]),
  buildResult(["busy"], [buildCheck("preflight", { status: "skipped" })]),
  buildResult(["a", "c"], [buildCheck("clock", { status: "fail" })]),
];

function declare(preflight: object): void {
  const local = { kind: "local", hosts: 2, emulated: { gpu: "MI250X", devicesPerNode: 2 }, preflight };
  jest.mocked(readClusterConfig).mockReturnValue(parseClusterConfig(local, "f"));
}

beforeEach(() => jest.clearAllMocks());

it("marks the nodes that passed and those that failed alone, and leaves those that were not tested", async () => {
  declare({ required: true });
  jest.mocked(listPreflightNodes).mockResolvedValue([]);
  expect(await markTestedNodes(clients, "lab", results)).toEqual({ opened: ["a", "c"], closed: ["b"] });
  expect(
    jest
      .mocked(markNode)
      .mock.calls.map(([, name, { mark }]) => `${name} ${mark}`)
      .sort(),
  ).toEqual(["a passed", "b failed", "c passed"]);
});

it("releases nodes that passed from the quarantine of preflight, and from no operator's", async () => {
  declare({ required: true, cordon: true });
  const quarantines = { a: "preflight", b: "preflight", c: "operator" };
  const nodes = Object.entries(quarantines).map(([name, quarantine]) => ({
    name,
    cordoned: false,
    labels: {},
    taints: [],
    quarantine,
  }));
  jest.mocked(listPreflightNodes).mockResolvedValue(nodes);
  await markTestedNodes(clients, "lab", results);
  expect(jest.mocked(setQuarantine).mock.calls).toEqual([[clients, "a"]]);
});

it("touches no node where the cluster's file does not require preflight", async () => {
  declare({ cordon: true });
  expect(await markTestedNodes(clients, "lab", results)).toEqual({ opened: [], closed: [] });
  expect(markNode).not.toHaveBeenCalled();
  expect(setQuarantine).not.toHaveBeenCalled();
});
