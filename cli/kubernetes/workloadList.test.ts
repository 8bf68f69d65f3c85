import { clusterConfigSchema } from "../../infra/clusterConfig.ts";
import { buildTenantClusterConfig } from "../../infra/existingCluster.fixture.ts";
import { getResourceName, getResourcePath, objectKinds } from "./objectKinds.ts";
import { activeWorkloadKinds, buildNamespaceArguments, parseActiveWorkloads } from "./workloadList.ts";

function buildListedObject(name: string, conditions?: object[], metadata: object = {}) {
  return { metadata: { name, namespace: "mixcpt", ...metadata }, ...(conditions && { status: { conditions } }) };
}

function buildTrueCondition(type: string) {
  return { type, status: "True" };
}

function stringifyList(...items: object[]) {
  return JSON.stringify({ kind: "List", items });
}

describe("a list of workloads", () => {
  it.each([
    ["trainjob", "Complete"],
    ["trainjob", "Failed"],
    ["jobset", "Completed"],
    ["jobset", "Failed"],
    ["workload", "Finished"],
  ] as const)("leaves out a %s whose condition %s is true", (kind, condition) => {
    const conditions = [buildTrueCondition("Suspended"), buildTrueCondition(condition)];
    expect(parseActiveWorkloads(stringifyList(buildListedObject("one", conditions)), kind)).toEqual([]);
  });

  it.each(activeWorkloadKinds)("keeps a %s that has no conditions yet, is suspended, or has not ended", (kind) => {
    const notEnded = ["Complete", "Completed", "Finished", "Failed"].map((type) => ({ type, status: "False" }));
    const list = stringifyList(
      buildListedObject("new"),
      buildListedObject("queued", [buildTrueCondition("Suspended")]),
      buildListedObject("running", notEnded),
    );
    expect(parseActiveWorkloads(list, kind)).toEqual(
      ["new", "queued", "running"].map((name) => ({ kind: objectKinds[kind].kind, namespace: "mixcpt", name })),
    );
  });

  it("has the flavors whose quota a workload uses", () => {
    const podSetAssignments = [{ name: "node", flavors: { "amd.com/gpu": "mixcpt-mi250x", cpu: "mixcpt-mi250x" } }];
    const admitted = { ...buildListedObject("admitted"), status: { conditions: [], admission: { podSetAssignments } } };
    expect(parseActiveWorkloads(stringifyList(admitted, buildListedObject("queued", [])), "workload")).toEqual([
      { kind: "Workload", namespace: "mixcpt", name: "admitted", flavors: ["mixcpt-mi250x"] },
      { kind: "Workload", namespace: "mixcpt", name: "queued" },
    ]);
  });

  it("leaves out an object that is being deleted", () => {
    const list = stringifyList(buildListedObject("leaving", [], { deletionTimestamp: "2026-01-01T00:00:00Z" }));
    expect(parseActiveWorkloads(list, "trainjob")).toEqual([]);
  });

  it("keeps an object in another namespace", () => {
    const list = stringifyList(buildListedObject("theirs", [], { namespace: "other-team" }));
    expect(parseActiveWorkloads(list, "jobset")).toEqual([{ kind: "JobSet", namespace: "other-team", name: "theirs" }]);
  });
});

it("kubectl gets a resource without a version, the API client one with a version", () => {
  expect(activeWorkloadKinds.map(getResourceName)).toEqual([
    "trainjobs.trainer.kubeflow.org",
    "jobsets.jobset.x-k8s.io",
    "workloads.kueue.x-k8s.io",
  ]);
  expect(getResourcePath("job")).toEqual({ group: "batch", version: "v1", plural: "jobs" });
  expect(getResourcePath("jobset")).toEqual({ group: "jobset.x-k8s.io", version: "v1alpha2", plural: "jobsets" });
});

function parseExistingCluster(more: object) {
  return clusterConfigSchema.parse({
    kind: "existing",
    kubeconfigFile: "kubeconfig",
    nodes: 1,
    devices: { gpu: "MI250X", devicesPerNode: 8 },
    store: { kind: "path", path: "/store" },
    ...more,
  });
}

describe("the namespaces that are searched for active workloads", () => {
  it("are all if the controllers would be removed, and with them all objects of their kinds", () => {
    const local = { kind: "local", hosts: 1, emulated: { gpu: "MI250X", devicesPerNode: 2 } };
    expect(buildNamespaceArguments(clusterConfigSchema.parse(local))).toEqual(["--all-namespaces"]);
    expect(buildNamespaceArguments(parseExistingCluster({ controllers: "published" }))).toEqual(["--all-namespaces"]);
  });

  it("are only this project's on a cluster that keeps its controllers, where others may always have work", () => {
    expect(buildNamespaceArguments(parseExistingCluster({ controllers: "installed" }))).toEqual([
      "--namespace",
      "mixcpt",
    ]);
    expect(buildNamespaceArguments(parseExistingCluster({ controllers: "installed", namespace: "team-b" }))).toEqual([
      "--namespace",
      "team-b",
    ]);
  });

  it("are a tenant's, where its team may have other work, of which nothing would be removed", () => {
    expect(buildNamespaceArguments(clusterConfigSchema.parse(buildTenantClusterConfig("/k")))).toEqual([
      "--namespace",
      "team-a",
      "--selector",
      "app.kubernetes.io/part-of=mixcpt",
    ]);
  });
});
