import { formatSilentMachines, refuseLeavingOut } from "./undoAbsence.ts";

function nameMachines(...names: readonly string[]) {
  return names.map((name) => ({ name, isControlPlane: name.startsWith("cp") }));
}

const largeRack = nameMachines("cp-1", "cp-2", "cp-3", "gpu-1", "gpu-2");
const single = nameMachines("cp-1", "gpu-1");

describe("what the way back leaves out", () => {
  it.each([[[]], [["gpu-1", "gpu-2"]], [["cp-2", "gpu-1"]]])("may be workers and a minority: %j", (names) => {
    expect(() => refuseLeavingOut("rack", largeRack, names)).not.toThrow();
  });

  it("may not be more control planes than etcd can do without", () => {
    expect(() => refuseLeavingOut("rack", largeRack, ["cp-2", "cp-3"])).toThrow(
      "cluster upgrade rack --undo --leave-out cp-2, cp-3: etcd needs 2 of the 3 control planes: " +
        "turn on 1 of cp-2, cp-3",
    );
    expect(() => refuseLeavingOut("rack", largeRack, ["cp-1", "cp-2", "cp-3"])).toThrow(
      "turn on 2 of cp-1, cp-2, cp-3",
    );
    expect(() => refuseLeavingOut("rack", single, ["cp-1"])).toThrow("cp-1 is the only control plane and must be on");
  });

  it("may not be something else", () => {
    expect(() => refuseLeavingOut("rack", single, ["gpu-9"])).toThrow(
      "gpu-9 is no machine of it; allowed are cp-1, gpu-1",
    );
  });
});

describe("machines that do not say what they have", () => {
  const format = (machines: typeof largeRack, silent: readonly string[], leaveOut: readonly string[] = []) => {
    const problems = nameMachines(...silent).map((machine) => ({ ...machine, problem: `${machine.name}: no answer` }));
    return formatSilentMachines("rack", { machines, leaveOut, silent: problems });
  };

  it("are named in their order, with the command that leaves them out, if the others can go back", () => {
    expect(format(largeRack, ["gpu-1", "cp-2"], ["gpu-2"])).toBe(
      "cluster upgrade rack --undo cannot start; nothing was changed\n  cp-2: no answer\n  gpu-1: no answer\n" +
        "what stays off can be left out, and is brought back later by the same command without it: " +
        "./mixcpt cluster upgrade rack --undo --leave-out gpu-2 --leave-out gpu-1 --leave-out cp-2",
    );
  });

  it("are named with what must be turned on, if etcd needs it", () => {
    expect(format(largeRack, ["cp-2", "cp-3"])).toMatch(
      /etcd needs 2 of the 3 control planes: turn on 1 of cp-2, cp-3$/,
    );
    expect(format(largeRack, ["cp-3"], ["cp-2"])).toMatch(/turn on 1 of cp-2, cp-3$/);
    expect(format(single, ["cp-1", "gpu-1"])).toMatch(/\ncp-1 is the only control plane and must be on$/);
  });
});
