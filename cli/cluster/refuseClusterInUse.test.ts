import { refuseClusterInUse } from "./refuseClusterInUse.ts";

function buildActiveWorkloads(count: number, kind = "TrainJob", namespace = "mixcpt") {
  return Array.from({ length: count }, (_, index) => ({
    kind,
    namespace,
    name: `${kind.toLowerCase()}-${String(index + 1)}`,
  }));
}

function catchRefusal(users: Parameters<typeof refuseClusterInUse>[1]): string {
  try {
    refuseClusterInUse("rack", users);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("destroying a cluster", () => {
  it("is allowed if nothing uses it", () => {
    expect(catchRefusal({ destroyCommands: [], activeWorkloads: [] })).toBe("");
  });

  it("is refused with the commands that remove what this checkout put on it", () => {
    const destroyCommands = ["./mixcpt destroy dev", "./mixcpt cluster destroy platform"];
    expect(catchRefusal({ destroyCommands, activeWorkloads: [] })).toBe(
      'cluster "rack" is in use\n  run first: ./mixcpt destroy dev; ./mixcpt cluster destroy platform',
    );
  });

  it("is refused with kind, namespace, count and names of any other checkout's work", () => {
    const activeWorkloads = [...buildActiveWorkloads(2), ...buildActiveWorkloads(1, "JobSet", "other-team")];
    expect(catchRefusal({ destroyCommands: [], activeWorkloads }).split("\n")).toEqual([
      'cluster "rack" is in use',
      "not finished:",
      "  TrainJob in namespace mixcpt (2): trainjob-1, trainjob-2",
      "  JobSet in namespace other-team (1): jobset-1",
      expect.stringMatching(/^wait until it has finished, or .*destroy.* --cluster rack delete/),
    ]);
  });

  it("is refused with the first names and the number of the others if there is much work", () => {
    expect(catchRefusal({ destroyCommands: [], activeWorkloads: buildActiveWorkloads(36) })).toContain(
      "(36): trainjob-1, trainjob-2, trainjob-3, trainjob-4, trainjob-5 and 31 more",
    );
  });
});
