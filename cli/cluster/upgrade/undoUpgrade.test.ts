import { setTimeout as sleep } from "node:timers/promises";
import { parseClusterConfig } from "../../../infra/clusterConfig.ts";
import { machinesAtOnce } from "./machinesAtOnce.ts";
import { readClusterConfig } from "../readClusterConfig.ts";
import { fetchClusterVersions } from "./clusterVersions.ts";
import { fetchNodeRenewals } from "./nodeRenewals.ts";
import { undoClusterUpgrade } from "./undoUpgrade.ts";
import { listUpgradeHosts, runOnUpgradeHost } from "./upgradeHosts.ts";

jest.mock("execa", () => ({}));
jest.mock("../readClusterConfig.ts", () => ({ readClusterConfig: jest.fn() }));
jest.mock("../otherBackend.ts", () => ({ refuseOtherBackend: jest.fn() }));
jest.mock("../../engine/clusterKubeconfig.ts", () => ({ updateKubeconfig: jest.fn() }));
jest.mock("../../engine/findRecordedStack.ts", () => ({ findRecordedStack: jest.fn().mockResolvedValue({}) }));
jest.mock("../../engine/recordedRuns.ts", () => ({ fetchRecordedResources: jest.fn() }));
jest.mock("../../engine/stackLocks.ts", () => ({ refuseLockedStack: jest.fn() }));
jest.mock("../../kubernetes/kubeconfigFile.ts", () => ({ readClusterKubeconfig: jest.fn() }));
jest.mock("../../kubernetes/probeApiServer.ts", () => ({ awaitReadyServer: jest.fn() }));
jest.mock("../../../plugins/kubernetes/apiConnection.ts", () => ({ connectToApiServer: jest.fn() }));
jest.mock("./clusterVersions.ts", () => ({ fetchClusterVersions: jest.fn() }));
jest.mock("./nodeRenewals.ts", () => ({ fetchNodeRenewals: jest.fn() }));
jest.mock("./upgradeHosts.ts", () => ({
  listUpgradeHosts: jest.fn(),
  runOnUpgradeHost: jest.fn(),
  formatLogin: ({ name }: { name: string }) => `ssh root@${name}`,
}));

const [older, newer] = ["v1.36.3", "v1.37.2"];
const localConfig = { kind: "local", hosts: 1, emulated: { gpu: "MI250X", devicesPerNode: 2 } };
const snapshotLine = "snapshot 2026-11-30T01:02:03Z\n";

/** Each script that ran on a machine, as `SCRIPT MACHINE`, and the most at the same time. */
let scriptRuns: string[];
let most: number;
let printed: string[];
let silentNames: readonly string[];
let hostNames: readonly string[];

function declareHosts(...names: string[]): void {
  hostNames = names;
  const hosts = names.map((name) => ({ name, label: name, isControlPlane: name.startsWith("cp"), login: {} }));
  jest.mocked(listUpgradeHosts).mockReturnValue(hosts);
}

function buildNodeVersions(kubelets: Readonly<Record<string, string>>) {
  const nodes = Object.entries(kubelets).map(([name, kubelet]) => ({ name, kubelet, isReady: true, isClosed: false }));
  return { nodes, apiServers: new Map<string, string>(), recorded: older };
}

/** Lets kubelets say that they run: at the call with this number and at later ones at other times than before. */
function renewFrom(first: number): void {
  let calls = 0;
  jest.mocked(fetchNodeRenewals).mockImplementation(() => {
    calls += 1;
    return Promise.resolve(new Map(hostNames.map((name) => [name, String(Math.max(calls, first - 1))])));
  });
}

function runUndo(leaveOut: string[] = []): Promise<void> {
  return undoClusterUpgrade("lab", { print: (line) => printed.push(line), yes: true, leaveOut });
}

beforeEach(() => {
  jest.clearAllMocks();
  [scriptRuns, printed, silentNames, most] = [[], [], [], 0];
  let open = 0;
  renewFrom(2);
  jest.mocked(readClusterConfig).mockReturnValue(parseClusterConfig(localConfig, "f"));
  jest.mocked(runOnUpgradeHost).mockImplementation(async ({ name }, { script }) => {
    scriptRuns.push(`${script} ${name}`);
    most = Math.max(most, (open += 1));
    await sleep(1);
    open -= 1;
    if (silentNames.includes(name)) throw new Error(`${name}: no answer`);
    if (script !== "find-undo.sh" || name.startsWith("unfinished")) return "";
    return name.startsWith("new") ? "joined\n" : `joined\ntarget ${newer}\nkept programs\n${snapshotLine}`;
  });
});

it("opens no more logins at a time than Pulumi does", async () => {
  const workers = Array.from({ length: 70 }, (_, index) => `gpu-${String(index)}`);
  declareHosts("cp-1", ...workers);
  jest
    .mocked(fetchClusterVersions)
    .mockResolvedValue(buildNodeVersions(Object.fromEntries(["cp-1", ...workers].map((name) => [name, older]))));
  await runUndo();
  expect(scriptRuns.filter((call) => call.startsWith("undo-upgrade.sh"))).toHaveLength(71);
  expect(most).toBe(machinesAtOnce);
});

it("brings back two control planes while the third is off and is left out, and names it at the end", async () => {
  declareHosts("cp-1", "cp-2", "cp-3");
  silentNames = ["cp-2"];
  jest
    .mocked(fetchClusterVersions)
    .mockResolvedValue(buildNodeVersions({ "cp-1": older, "cp-2": newer, "cp-3": older }));
  await expect(runUndo()).rejects.toThrow("--undo --leave-out cp-2");
  expect(scriptRuns.filter((call) => !call.startsWith("find-undo.sh"))).toEqual([]);
  await runUndo(["cp-2"]);
  expect(scriptRuns.filter((call) => !call.startsWith("find-undo.sh"))).toEqual([
    "undo-upgrade.sh cp-1",
    "undo-upgrade.sh cp-3",
  ]);
  expect(printed.at(-1)).toBe("not asked: cp-2; run this command again once they are on, before anything else");
});

it("waits until the kubelets say that they run: in the snapshot they are Ready with the earlier version, too", async () => {
  declareHosts("cp-1");
  jest.mocked(fetchClusterVersions).mockResolvedValue(buildNodeVersions({ "cp-1": older }));
  renewFrom(3);
  await runUndo();
  expect(fetchNodeRenewals).toHaveBeenCalledTimes(3);
});

it("waits for no machine that was claimed and could not be made a node", async () => {
  declareHosts("cp-1", "unfinished-1");
  jest.mocked(fetchClusterVersions).mockResolvedValue(buildNodeVersions({ "cp-1": older }));
  await runUndo();
  expect(scriptRuns).not.toContain("restart-kubelet.sh unfinished-1");
  expect(printed.at(-1)).toContain(`cluster lab has ${older} again`);
});

describe("a machine that joined after the snapshot", () => {
  it("gets its kubelet started again, and is named if it has a newer version than the cluster", async () => {
    declareHosts("cp-1", "new-1");
    jest
      .mocked(fetchClusterVersions)
      .mockResolvedValueOnce(buildNodeVersions({ "cp-1": older }))
      .mockResolvedValue(buildNodeVersions({ "cp-1": older, "new-1": newer }));
    await runUndo();
    expect(scriptRuns.at(-1)).toBe("restart-kubelet.sh new-1");
    expect(printed).toContain(
      `  new-1 joined after the snapshot and has ${newer}: with the earlier commit remove its line, run ./mixcpt ` +
        "cluster up lab, and add it again",
    );
  });

  it("is named with the command to run there if it does not answer any more", async () => {
    declareHosts("cp-1", "new-1");
    jest
      .mocked(fetchClusterVersions)
      .mockImplementationOnce(() => {
        silentNames = ["new-1"];
        return Promise.resolve(buildNodeVersions({ "cp-1": older }));
      })
      .mockResolvedValue(buildNodeVersions({ "cp-1": older, "new-1": newer }));
    await runUndo();
    expect(printed).toContain("  new-1: no answer; run: ssh root@new-1 systemctl restart kubelet");
  });
});
