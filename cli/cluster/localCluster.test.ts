import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { deleteStackState, hasStackState } from "../engine/stackState.ts";
import { deleteKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { listExperimentsStacks, listPlatformStacks } from "./dependentStacks.ts";
import { findHostIndexes, isHostAlive, removeLocalHosts } from "./hostTraces.ts";
import { removeStaleHosts, requiresHostCleanup } from "./localCluster.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));
jest.mock("../engine/stackState.ts");
jest.mock("../kubernetes/kubeconfigFile.ts");
jest.mock("./dependentStacks.ts");
jest.mock("./hostTraces.ts");

function buildQuery(kind: ClusterConfig["kind"]) {
  return { config: { kind } as ClusterConfig, software: { programs: [] }, print: () => undefined };
}

beforeEach(() => {
  jest.mocked(findHostIndexes).mockReturnValue([0]);
  jest.mocked(isHostAlive).mockReturnValue(false);
  jest.mocked(hasStackState).mockReturnValue(true);
  jest.mocked(listPlatformStacks).mockReturnValue(["platform"]);
  jest.mocked(listExperimentsStacks).mockReturnValue([]);
});

it("removes dead hosts with the states and kubeconfigs of the clusters that they were", async () => {
  await removeStaleHosts("lab", buildQuery("local"));
  expect(removeLocalHosts).toHaveBeenCalledWith("lab");
  expect(jest.mocked(deleteStackState).mock.calls).toEqual([
    ["mixcpt-infra", "platform"],
    ["mixcpt-infra", "lab"],
  ]);
  expect(jest.mocked(deleteKubeconfig).mock.calls).toEqual([["platform"], ["lab"]]);
});

it("looks for local hosts only if the cluster consists of them", async () => {
  expect(await requiresHostCleanup("lab", buildQuery("hosts"))).toBe(false);
});
