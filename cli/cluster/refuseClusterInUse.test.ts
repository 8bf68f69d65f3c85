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

it("a cluster that nothing uses may go", () => {
  expect(catchRefusal({ destroyCommands: [], activeWorkloads: [] })).toBe("");
});

it("what this checkout put there is told with the commands that take it off, and nothing else is said", () => {
  expect(
    catchRefusal({
      destroyCommands: ["./mixcpt destroy dev", "./mixcpt cluster destroy platform"],
      activeWorkloads: [],
    }),
  ).toBe('cluster "rack" is in use\n  first: ./mixcpt destroy dev; ./mixcpt cluster destroy platform');
});

it("work of any other checkout is told with its kind, namespace, count and names", () => {
  expect(
    catchRefusal({
      destroyCommands: [],
      activeWorkloads: [...buildActiveWorkloads(2), ...buildActiveWorkloads(1, "JobSet", "other-team")],
    }).split("\n"),
  ).toEqual([
    'cluster "rack" is in use',
    "not finished:",
    "  TrainJob in namespace mixcpt (2): trainjob-1, trainjob-2",
    "  JobSet in namespace other-team (1): jobset-1",
    expect.stringMatching(/^let it end, or .*destroy.* --cluster rack delete/),
  ]);
});

it("of much work some names are told and how many more there are", () => {
  expect(catchRefusal({ destroyCommands: [], activeWorkloads: buildActiveWorkloads(36) })).toContain(
    "(36): trainjob-1, trainjob-2, trainjob-3, trainjob-4, trainjob-5 and 31 more",
  );
});
