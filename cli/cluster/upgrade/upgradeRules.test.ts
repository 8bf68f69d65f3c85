import type { ClusterVersions } from "./clusterVersions.ts";
import {
  formatLeftOut,
  formatUpgradePlan,
  isUpgraded,
  listUpgradeProblems,
  planUpgrade,
  refuseVersionChange,
} from "./upgradeRules.ts";

const [older, newer] = ["v1.36.3", "v1.37.2"];

function buildVersions(kubelets: readonly string[], apiServers: readonly string[], recorded = older): ClusterVersions {
  return {
    nodes: kubelets.map((kubelet, index) => ({
      name: `gpu-${String(index + 1)}`,
      kubelet,
      isReady: true,
      isClosed: false,
    })),
    apiServers: new Map(apiServers.map((version, index) => [`gpu-${String(index + 1)}`, version])),
    recorded,
  };
}

const claimed = ["gpu-1", "gpu-2", "gpu-3"].map((name) => ({ name, isControlPlane: name === "gpu-1" }));
const noTrainings = new Map<string, string[]>();

describe("cluster up", () => {
  it("installs on a cluster of its own version", () => {
    expect(() => refuseVersionChange("rack", buildVersions([older, older], [older]), older)).not.toThrow();
  });

  it("is refused with another version, and names the command that changes it", () => {
    expect(() => refuseVersionChange("rack", buildVersions([older, newer], [newer], newer), newer)).toThrow(
      /^cluster up rack does not change the version[^]*the kubelet of gpu-1 is v1\.36\.3\nwhat to do: \.\/mixcpt cluster upgrade rack$/,
    );
  });

  it("is refused with an older version, which no upgrade brings back", () => {
    expect(() => refuseVersionChange("rack", buildVersions([newer], [newer], newer), older)).toThrow(
      "use the commit of this project that has v1.37.2",
    );
  });
});

describe("an upgrade", () => {
  it("goes one minor at a time, never back, and never past a node that is off or a stranger's", () => {
    const list = (versions: ClusterVersions, target: string) =>
      listUpgradeProblems(versions, { target, claimed, leaveOut: [] });
    expect(list(buildVersions([older], [older]), newer)).toEqual([]);
    expect(list(buildVersions([older], [older]), "v1.38.0")[0]).toContain(
      "upgrade with the commit of this project that has v1.37",
    );
    expect(list(buildVersions([newer], [newer], newer), older)[0]).toContain("never made older");
    const [node] = buildVersions([older], []).nodes;
    const broken = {
      ...buildVersions([], [older]),
      nodes: node === undefined ? [] : [{ ...node, name: "x", isReady: false }],
    };
    expect(list(broken, newer)).toEqual([
      "x is not Ready; repair it, leave it out with --leave-out x, or give it up: remove its line from the inventory " +
        "and run ./mixcpt kubectl delete node x",
      "x was not made by this stack, so that this command cannot log in to it",
    ]);
  });

  it("does not take a control plane for a worker while the pod of its API server is replaced", () => {
    const problems = listUpgradeProblems(buildVersions([newer, older], [], newer), {
      target: newer,
      claimed,
      leaveOut: [],
    });
    expect(problems).toEqual([
      "the cluster lists no API server of gpu-1, which may be restarting; run the command again, and if it stays so, " +
        "look for its manifest in /etc/kubernetes/manifests and manifests-stopped there",
    ]);
  });

  it("does not advise cluster up for a node that is off, which is refused before the upgrade", () => {
    const versions = buildVersions([older, older], [older]);
    const off = { ...versions, nodes: versions.nodes.map((node) => ({ ...node, isReady: false })) };
    const problems = listUpgradeProblems(off, { target: newer, claimed, leaveOut: [] });
    expect(problems[0]).toBe("gpu-1 is not Ready; repair it");
    expect(problems.join("\n")).not.toContain("cluster up");
    expect(() => refuseVersionChange("rack", off, newer)).toThrow("cluster up rack does not change the version");
  });

  it("upgrades nodes that run trainings last", () => {
    const trainings = new Map([["gpu-1", ["mixcpt/train-a"]]]);
    const plan = planUpgrade(buildVersions([older, older, older], [older]), { target: newer, trainings, leaveOut: [] });
    expect(plan.nodes.map(({ name }) => name)).toEqual(["gpu-2", "gpu-3", "gpu-1"]);
    expect(formatUpgradePlan("rack", plan, { evictTrainings: false, atOnce: 1 }).join("\n")).toContain(
      "waits until these have ended: mixcpt/train-a",
    );
    expect(formatUpgradePlan("rack", plan, { evictTrainings: true, atOnce: 1 }).join("\n")).toContain(
      "ends these, with a checkpoint if that fits their grace",
    );
  });

  it("continues where it stopped, by what stands", () => {
    const versions = buildVersions([newer, older, older], [newer, older, older], older);
    const plan = planUpgrade(versions, { target: newer, trainings: noTrainings, leaveOut: [] });
    expect(plan).toMatchObject({ controlPlanes: ["gpu-2", "gpu-3"], appliesVersion: true });
    expect(plan.nodes.map(({ name }) => name)).toEqual(["gpu-2", "gpu-3"]);
    const closed = {
      ...versions,
      nodes: versions.nodes.map((node) => ({ ...node, kubelet: newer, isClosed: node.name === "gpu-1" })),
    };
    expect(planUpgrade(closed, { target: newer, trainings: noTrainings, leaveOut: [] }).nodes).toEqual([
      { name: "gpu-1", trainings: [] },
    ]);
    const done = buildVersions([newer, newer], [newer], newer);
    expect(isUpgraded(planUpgrade(done, { target: newer, trainings: noTrainings, leaveOut: [] }))).toBe(true);
  });

  describe("that leaves a worker out", () => {
    const { nodes, ...versions } = buildVersions([older, older, older], [older]);
    const partly = { ...versions, nodes: nodes.map((node) => ({ ...node, isReady: node.name !== "gpu-3" })) };

    it("goes on without it, and names it in the plan", () => {
      expect(listUpgradeProblems(partly, { target: newer, claimed, leaveOut: ["gpu-3"] })).toEqual([]);
      const plan = planUpgrade(partly, { target: newer, trainings: noTrainings, leaveOut: ["gpu-3"] });
      expect(plan.nodes.map(({ name }) => name)).toEqual(["gpu-1", "gpu-2"]);
      const lines = formatUpgradePlan("rack", plan, { evictTrainings: false, atOnce: 1 });
      expect(lines.at(-1)).toBe(
        "  not upgraded to v1.37.2: gpu-3; cluster up rack is refused until ./mixcpt cluster upgrade rack has " +
          "upgraded them, too, once they are Ready",
      );
    });

    it("takes it with the next upgrade, as the only one", () => {
      const later = buildVersions([newer, newer, older], [newer], newer);
      const plan = planUpgrade(later, { target: newer, trainings: noTrainings, leaveOut: [] });
      expect(plan.nodes.map(({ name }) => name)).toEqual(["gpu-3"]);
      expect(formatLeftOut("rack", plan)).toBeUndefined();
    });

    it("refuses names that are no worker", () => {
      expect(listUpgradeProblems(partly, { target: newer, claimed, leaveOut: ["gpu-1", "gpu-3", "gpu-33"] })).toEqual([
        "--leave-out gpu-1: is a control plane, and none can be left out; allowed are its workers: gpu-2, gpu-3",
        "--leave-out gpu-33: is no node of this cluster; allowed are its workers: gpu-2, gpu-3",
      ]);
    });
  });
});
