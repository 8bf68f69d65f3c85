import type { UndoState } from "./undoRules.ts";
import { formatUndoPlan, parseUndoState, planUndo } from "./undoRules.ts";

const snapshot = "2026-11-30T01:02:03Z";

function buildState(name: string, output: string): UndoState {
  return parseUndoState(output, { name, isControlPlane: name.startsWith("cp") });
}

const upgraded = {
  plane: `target v1.37.2\nkept manifests\nkept programs\nsnapshot ${snapshot}\n`,
  worker: "target v1.37.2\nkept programs\n",
};
const undone = {
  plane: `undone v1.37.2\nkept manifests\nsnapshot ${snapshot}\n`,
  worker: "undone v1.37.2\nkept programs\n",
};

function plan(outputs: Readonly<Record<string, string>>) {
  return planUndo(
    "rack",
    Object.entries(outputs).map(([name, output]) => buildState(name, output)),
  );
}

describe("the way back from an upgrade", () => {
  it("takes the workers that were upgraded and all control planes, and tells from when the objects are", () => {
    const found = plan({ "cp-1": upgraded.plane, "gpu-1": upgraded.worker, "gpu-2": "" });
    expect(found).toEqual({ target: "v1.37.2", workers: ["gpu-1"], controlPlanes: ["cp-1"], restored: [], snapshot });
    expect(formatUndoPlan("rack", found).join("\n")).toContain(`the objects of the snapshot of ${snapshot}`);
  });

  it("takes control planes that half an upgrade had not reached, which are members of the same etcd", () => {
    const waiting = `target v1.37.2\nsnapshot ${snapshot}\n`;
    const found = plan({ "cp-1": upgraded.plane, "cp-2": waiting, "cp-3": waiting });
    expect(found.controlPlanes).toEqual(["cp-1", "cp-2", "cp-3"]);
  });

  it("continues with those that an interrupted one has left", () => {
    const found = plan({ "cp-1": undone.plane, "cp-2": upgraded.plane, "gpu-1": undone.worker });
    expect(found).toMatchObject({ controlPlanes: ["cp-2"], workers: [] });
    const worker = plan({ "cp-1": undone.plane, "gpu-1": upgraded.worker });
    expect(worker).toMatchObject({ controlPlanes: [], workers: ["gpu-1"] });
    expect(formatUndoPlan("rack", worker).join("\n")).not.toContain("snapshot");
  });

  it("lets a control plane that was left out follow the others, also one that the upgrade had not changed", () => {
    const waiting = `target v1.37.2\nsnapshot ${snapshot}\n`;
    const found = plan({ "cp-1": undone.plane, "cp-2": waiting, "cp-3": undone.plane });
    expect(found).toMatchObject({ controlPlanes: ["cp-2"], restored: ["cp-1", "cp-3"] });
    const lines = formatUndoPlan("rack", found);
    expect(lines.at(-1)).toBe("  cp-2: the earlier programs, and the objects of cp-1, cp-3, which went back before");
  });

  it("says which control planes have no common way back, and how to go on", () => {
    expect(() => plan({ "cp-1": upgraded.plane, "cp-2": "", "cp-3": upgraded.plane })).toThrow(
      "the control planes have no common way back; nothing was changed\n" +
        "  cp-1: back from v1.37.2\n  cp-2: nothing from before an upgrade\n  cp-3: back from v1.37.2\n" +
        "a control plane that was made or replaced after the upgrade: ./mixcpt cluster upgrade rack --undo " +
        "--leave-out NAME brings back the others; then replace it (docs/hosts.md, Three control planes)",
    );
    expect(() => plan({ "cp-1": `target v1.38.0\nsnapshot ${snapshot}\n`, "cp-2": upgraded.plane })).toThrow(
      "if an upgrade was interrupted as it began, continue it: ./mixcpt cluster upgrade rack\n",
    );
  });

  it("restores no control plane from another snapshot than the others, as of an upgrade that was begun again", () => {
    const first = `undone v1.37.2\nkept manifests\nsnapshot ${snapshot}\ndigest aaaa\n`;
    const begun = `target v1.37.2\nsnapshot ${snapshot}\ndigest bbbb\n`;
    expect(() => plan({ "cp-1": begun, "cp-2": first, "cp-3": first })).toThrow(
      "no common way back; nothing was changed\n  cp-1: back from v1.37.2, snapshot bbbb\n" +
        "  cp-2: went back from v1.37.2, snapshot aaaa\n  cp-3: went back from v1.37.2, snapshot aaaa\n" +
        "if an upgrade was interrupted as it began, continue it: ./mixcpt cluster upgrade rack\n",
    );
    const changed = `${begun}kept manifests\n`;
    const leftOut = `target v1.37.2\nsnapshot ${snapshot}\ndigest aaaa\n`;
    expect(() => plan({ "cp-1": changed, "cp-2": leftOut, "cp-3": changed })).toThrow("no common way back");
  });

  it("leaves a worker alone that was left out of the upgrade and has something from an earlier one", () => {
    expect(plan({ "cp-1": upgraded.plane, "gpu-1": "target v1.36.3\nkept programs\n" }).workers).toEqual([]);
  });

  it("is refused before anything has changed, and after it has ended", () => {
    const refusal = "cluster upgrade rack --undo: nothing to undo";
    expect(() => plan({ "cp-1": "", "gpu-1": "" })).toThrow(refusal);
    expect(() => plan({ "cp-1": `target v1.37.2\nsnapshot ${snapshot}\n`, "gpu-1": "" })).toThrow(refusal);
    expect(() => plan({ "cp-1": undone.plane, "gpu-1": undone.worker })).toThrow(refusal);
  });
});
