import { clusterConfigSchema } from "../../infra/clusterConfig.ts";
import { buildNamespaceArguments, isMissingKindError, parseActiveWorkloads, workloadKinds } from "./workloadList.ts";

function findWorkloadKind(name: string) {
  return workloadKinds.find(({ kind }) => kind === name) ?? { kind: name, resource: "", ends: [] };
}

function buildListedObject(name: string, conditions?: object[], metadata: object = {}) {
  return { metadata: { name, namespace: "mixcpt", ...metadata }, ...(conditions && { status: { conditions } }) };
}

function buildTrueCondition(type: string) {
  return { type, status: "True" };
}

function stringifyList(...items: object[]) {
  return JSON.stringify({ kind: "List", items });
}

it.each([
  ["TrainJob", "Complete"],
  ["TrainJob", "Failed"],
  ["JobSet", "Completed"],
  ["JobSet", "Failed"],
  ["Workload", "Finished"],
])("a %s that is %s is over", (kind, condition) => {
  expect(
    parseActiveWorkloads(
      stringifyList(buildListedObject("one", [buildTrueCondition("Suspended"), buildTrueCondition(condition)])),
      findWorkloadKind(kind),
    ),
  ).toEqual([]);
});

it.each(["TrainJob", "JobSet", "Workload"])(
  "a %s that nothing was said of yet, that is suspended, or that is not over yet is unfinished",
  (kind) => {
    const notOver = ["Complete", "Completed", "Finished", "Failed"].map((type) => ({ type, status: "False" }));
    const found = parseActiveWorkloads(
      stringifyList(
        buildListedObject("new"),
        buildListedObject("queued", [buildTrueCondition("Suspended")]),
        buildListedObject("running", notOver),
      ),
      findWorkloadKind(kind),
    );
    expect(found).toEqual(["new", "queued", "running"].map((name) => ({ kind, namespace: "mixcpt", name })));
  },
);

it("what is being deleted is no work any more", () => {
  expect(
    parseActiveWorkloads(
      stringifyList(buildListedObject("leaving", [], { deletionTimestamp: "2026-01-01T00:00:00Z" })),
      findWorkloadKind("TrainJob"),
    ),
  ).toEqual([]);
});

it("work in another namespace is work, too", () => {
  expect(
    parseActiveWorkloads(
      stringifyList(buildListedObject("theirs", [], { namespace: "other-team" })),
      findWorkloadKind("JobSet"),
    ),
  ).toEqual([{ kind: "JobSet", namespace: "other-team", name: "theirs" }]);
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

it("is asked of every namespace where the controllers, and with them all objects of their kinds, would go", () => {
  expect(
    buildNamespaceArguments(
      clusterConfigSchema.parse({ kind: "local", hosts: 1, emulated: { gpu: "MI250X", devicesPerNode: 2 } }),
    ),
  ).toEqual(["--all-namespaces"]);
  expect(buildNamespaceArguments(parseExistingCluster({ controllers: "published" }))).toEqual(["--all-namespaces"]);
});

it("is asked of this project's namespace alone on a cluster that keeps its controllers: others may work there for ever", () => {
  expect(buildNamespaceArguments(parseExistingCluster({ controllers: "installed" }))).toEqual([
    "--namespace",
    "mixcpt",
  ]);
});

it("a kind that is not installed is told from a cluster that does not answer", () => {
  expect(isMissingKindError('error: the server doesn\'t have a resource type "trainjobs"')).toBe(true);
  expect(
    isMissingKindError(
      'Error from server (NotFound): Unable to list "kueue.x-k8s.io/v1beta1, Resource=workloads": the server could not find the requested resource',
    ),
  ).toBe(true);
  expect(
    isMissingKindError(
      "The connection to the server 10.89.0.11:6443 was refused - did you specify the right host or port?",
    ),
  ).toBe(false);
});
