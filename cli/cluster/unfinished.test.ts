import { unfinishedIn, workKinds } from "./unfinished.ts";

const kindOf = (name: string) => workKinds.find(({ kind }) => kind === name) ?? { kind: name, resource: "", ends: [] };

const object = (name: string, conditions?: object[], metadata: object = {}) => ({
  metadata: { name, namespace: "mixcpt", ...metadata },
  ...(conditions && { status: { conditions } }),
});

const isTrue = (type: string) => ({ type, status: "True" });
const listOf = (...items: object[]) => JSON.stringify({ kind: "List", items });

it.each([
  ["TrainJob", "Complete"],
  ["TrainJob", "Failed"],
  ["JobSet", "Completed"],
  ["JobSet", "Failed"],
  ["Workload", "Finished"],
])("a %s that is %s is over", (kind, condition) => {
  expect(unfinishedIn(listOf(object("one", [isTrue("Suspended"), isTrue(condition)])), kindOf(kind))).toEqual([]);
});

it.each(["TrainJob", "JobSet", "Workload"])("a %s that nothing was said of yet, that is suspended, or that is not over yet is unfinished", (kind) => {
  const notOver = ["Complete", "Completed", "Finished", "Failed"].map((type) => ({ type, status: "False" }));
  const found = unfinishedIn(listOf(object("new"), object("queued", [isTrue("Suspended")]), object("running", notOver)), kindOf(kind));
  expect(found).toEqual(["new", "queued", "running"].map((name) => ({ kind, namespace: "mixcpt", name })));
});

it("what is being deleted is no work any more", () => {
  expect(unfinishedIn(listOf(object("leaving", [], { deletionTimestamp: "2026-01-01T00:00:00Z" })), kindOf("TrainJob"))).toEqual([]);
});

it("work in another namespace is work, too", () => {
  expect(unfinishedIn(listOf(object("theirs", [], { namespace: "other-team" })), kindOf("JobSet"))).toEqual([{ kind: "JobSet", namespace: "other-team", name: "theirs" }]);
});
