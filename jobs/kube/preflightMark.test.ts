import fc from "fast-check";
import type { MarkedNode } from "./preflightMark.ts";
import { formatMarkKey, formatTestedMachine, readPreflightState } from "./preflightMark.ts";

const key = formatMarkKey("mixcpt");

interface Machine {
  readonly machineID: string;
  readonly systemUUID: string;
  readonly devices: number;
  readonly deviceId?: string;
}

const machine: Machine = { machineID: "4e1f", systemUUID: "b0a2", devices: 8, deviceId: "7408" };

function buildNode({ devices, deviceId, ...nodeInfo }: Machine, mark?: string, tested?: string): MarkedNode {
  return {
    metadata: {
      name: "gpu-1",
      labels: { ...(deviceId && { "amd.com/gpu.device-id": deviceId }), ...(mark && { [key]: mark }) },
      annotations: { ...(tested && { [key]: tested }) },
    },
    status: { capacity: { "amd.com/gpu": String(devices), memory: "1Ti" }, nodeInfo },
  };
}

/** The state of a node that passed as one machine and is another one now. */
function readStateAfter(tested: Machine, present: Machine): string {
  return readPreflightState(buildNode(present, "passed", formatTestedMachine(buildNode(tested))), "mixcpt");
}

describe("the mark of preflight", () => {
  it("is the label of one install: another install has not tested the node", () => {
    const node = buildNode(machine, "passed");
    expect(readPreflightState(node, "mixcpt")).toBe("passed");
    expect(readPreflightState(node, "team-b")).toBe("untested");
    expect(readPreflightState({}, "mixcpt")).toBe("untested");
    expect(readPreflightState(buildNode(machine, "yes"), "mixcpt")).toBe("untested");
    for (const mark of ["failed", "changed"]) expect(readPreflightState(buildNode(machine, mark), "mixcpt")).toBe(mark);
  });

  it("does not count for another machine, a new installation, or other devices", () => {
    expect(readStateAfter(machine, machine)).toBe("passed");
    for (const other of [{ machineID: "77aa" }, { systemUUID: "c3" }, { devices: 7 }, { deviceId: "740c" }])
      expect(readStateAfter(machine, { ...machine, ...other })).toBe("changed");
  });

  it("counts while a device plugin or labeller restarts, and for what was not known at the test", () => {
    const { deviceId, ...unlabelled } = machine;
    expect(readStateAfter(machine, { ...unlabelled, devices: 0 })).toBe("passed");
    expect(readStateAfter({ ...unlabelled, devices: 0 }, { ...machine, deviceId: deviceId ?? "" })).toBe("passed");
  });

  it("counts if a person set it: there is no record, or one that cannot be read", () => {
    fc.assert(
      fc.property(fc.string(), (record) => {
        const state = readPreflightState(buildNode(machine, "passed", `x${record}`), "mixcpt");
        expect(state).toBe("passed");
      }),
    );
  });
});
