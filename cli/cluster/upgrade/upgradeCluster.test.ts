import { parseClusterConfig } from "../../../infra/clusterConfig.ts";
import { updateKubeconfig } from "../../engine/clusterKubeconfig.ts";
import { updateClusterStack } from "../clusterStack.ts";
import { readClusterConfig } from "../readClusterConfig.ts";
import { refuseUnfitStart } from "../refuseUnfitStart.ts";
import { fetchClusterVersions } from "./clusterVersions.ts";
import { upgradeClusterStack } from "./upgradeCluster.ts";
import { listUpgradeHosts } from "./upgradeHosts.ts";

jest.mock("execa", () => ({}));
jest.mock("../clusterStack.ts", () => ({ updateClusterStack: jest.fn() }));
jest.mock("../clusterSurvey.ts", () => ({ outlastRestart: jest.fn() }));
jest.mock("../readClusterConfig.ts", () => ({ readClusterConfig: jest.fn() }));
jest.mock("../refuseUnfitStart.ts", () => ({ refuseUnfitStart: jest.fn() }));
jest.mock("../../engine/clusterKubeconfig.ts", () => ({ updateKubeconfig: jest.fn() }));
jest.mock("../../engine/findRecordedStack.ts", () => ({ findRecordedStack: jest.fn().mockResolvedValue({}) }));
jest.mock("../../engine/recordedRuns.ts", () => ({ fetchRecordedResources: jest.fn() }));
jest.mock("../../engine/stackLocks.ts", () => ({ refuseLockedStack: jest.fn() }));
jest.mock("../../kubernetes/evictedPods.ts", () => ({ listDevicePods: jest.fn().mockResolvedValue([]) }));
jest.mock("../../kubernetes/kubeconfigFile.ts", () => ({ readClusterKubeconfig: jest.fn() }));
jest.mock("../../../plugins/kubernetes/apiConnection.ts", () => ({ connectToApiServer: jest.fn() }));
jest.mock("./clusterVersions.ts", () => ({ fetchClusterVersions: jest.fn() }));
jest.mock("./upgradeHosts.ts", () => ({ listUpgradeHosts: jest.fn() }));

const [older, newer] = ["v1.36.3", "v1.37.2"];
const software = { programs: [], nodes: { kubernetesVersion: newer } };
const local = { kind: "local", hosts: 1, emulated: { gpu: "MI250X", devicesPerNode: 2 } };
let lines: string[];

function upgrade(leaveOut: string[] = []): Promise<void> {
  const options = { print: (line: string) => lines.push(line), yes: true, evictTrainings: false, atOnce: 1, leaveOut };
  return upgradeClusterStack("lab", software as never, options);
}

/** A cluster whose first node is the control plane. */
function declareKubelets(...kubelets: string[]): void {
  const nodes = kubelets.map((kubelet, index) => ({
    name: `gpu-${String(index + 1)}`,
    kubelet,
    isReady: kubelet === newer,
    isClosed: false,
  }));
  const versions = { nodes, apiServers: new Map([["gpu-1", newer]]), recorded: newer };
  jest.mocked(fetchClusterVersions).mockResolvedValue(versions);
  jest
    .mocked(listUpgradeHosts)
    .mockReturnValue(nodes.map(({ name }) => ({ name, label: name, isControlPlane: false, login: {} })));
}

beforeEach(() => {
  jest.clearAllMocks();
  lines = [];
  jest.mocked(readClusterConfig).mockReturnValue(parseClusterConfig(local, "f"));
  jest.mocked(refuseUnfitStart).mockResolvedValue(undefined);
});

it("refuses first what the cluster up at its end would refuse, such as images without a signature", async () => {
  jest.mocked(refuseUnfitStart).mockRejectedValue(new Error("has no signature by this key"));
  await expect(upgrade()).rejects.toThrow("has no signature");
  expect(updateKubeconfig).not.toHaveBeenCalled();
});

it("does its last step, what cluster up does, if an earlier upgrade was interrupted there", async () => {
  declareKubelets(newer, newer);
  await upgrade();
  expect(updateClusterStack).toHaveBeenCalledTimes(1);
  expect(lines).toEqual(["cluster lab has v1.37.2 already; what is left is what cluster up lab does"]);
});

it("leaves that step to the upgrade of a node that is left out, and names the node at the end", async () => {
  declareKubelets(newer, older);
  await upgrade(["gpu-2"]);
  expect(updateClusterStack).not.toHaveBeenCalled();
  expect(lines[0]).toBe("cluster lab has v1.37.2 already");
  expect(lines.at(-1)).toMatch(/^not upgraded to v1\.37\.2: gpu-2; cluster up lab is refused until/);
});

it("refuses a node that is not Ready and is not left out", async () => {
  declareKubelets(newer, older);
  await expect(upgrade()).rejects.toThrow("gpu-2 is not Ready; repair it, leave it out with --leave-out gpu-2");
});
