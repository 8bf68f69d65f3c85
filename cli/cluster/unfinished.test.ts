import { parseActiveWorkloads, workloadKinds } from "./unfinished.ts";

const findWorkloadKind = (name: string) => workloadKinds.find(({ kind }) => kind === name) ?? { kind: name, resource: "", ends: [] };

const buildListedObject = (name: string, conditions?: object[], metadata: object = {}) => ({
  metadata: { name, namespace: "mixcpt", ...metadata },
  ...(conditions && { status: { conditions } }),
});

const buildTrueCondition = (type: string) => ({ type, status: "True" });
const stringifyList = (...items: object[]) => JSON.stringify({ kind: "List", items });

it.each([
  ["TrainJob", "Complete"],
  ["TrainJob", "Failed"],
  ["JobSet", "Completed"],
  ["JobSet", "Failed"],
  ["Workload", "Finished"],
])("a %s that is %s is over", (kind, condition) => {
  expect(parseActiveWorkloads(stringifyList(buildListedObject("one", [buildTrueCondition("Suspended"), buildTrueCondition(condition)])), findWorkloadKind(kind))).toEqual([]);
});

it.each(["TrainJob", "JobSet", "Workload"])("a %s that nothing was said of yet, that is suspended, or that is not over yet is unfinished", (kind) => {
  const notOver = ["Complete", "Completed", "Finished", "Failed"].map((type) => ({ type, status: "False" }));
  const found = parseActiveWorkloads(stringifyList(buildListedObject("new"), buildListedObject("queued", [buildTrueCondition("Suspended")]), buildListedObject("running", notOver)), findWorkloadKind(kind));
  expect(found).toEqual(["new", "queued", "running"].map((name) => ({ kind, namespace: "mixcpt", name })));
});

it("what is being deleted is no work any more", () => {
  expect(parseActiveWorkloads(stringifyList(buildListedObject("leaving", [], { deletionTimestamp: "2026-01-01T00:00:00Z" })), findWorkloadKind("TrainJob"))).toEqual([]);
});

it("work in another namespace is work, too", () => {
  expect(parseActiveWorkloads(stringifyList(buildListedObject("theirs", [], { namespace: "other-team" })), findWorkloadKind("JobSet"))).toEqual([{ kind: "JobSet", namespace: "other-team", name: "theirs" }]);
});
