import { ConfigError } from "../validation/problems.ts";
import { parseClusterConfig } from "./clusterConfig.ts";
import { getPlatformNames } from "./clusterNames.ts";
import { buildExistingClusterConfig, buildTenantClusterConfig, givenToTenant } from "./existingCluster.fixture.ts";

const existing = buildExistingClusterConfig("/k");
const tenant = buildTenantClusterConfig("/k");

function readNames(file: object) {
  return getPlatformNames(parseClusterConfig(file, "infra/Pulumi.lab.yaml"));
}

function listProblems(file: object): string[] {
  try {
    parseClusterConfig(file, "infra/Pulumi.lab.yaml");
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim().replace("mixcpt-infra:cluster.", ""));
  }
}

describe("the file of a tenant", () => {
  it("names what exists in its namespace; the rest is made there, and work has no priority", () => {
    expect(readNames(tenant)).toEqual({
      namespace: "team-a",
      store: { claim: "team-store", mount: "/store" },
      queues: { gpu: "team-queue", cpu: "team-queue" },
      runtime: "llama-factory",
      runtimeKind: "TrainingRuntime",
      account: "publish",
      priorityPrefix: "",
    });
  });

  it("may name a queue of data jobs, a runtime, an account and priority classes that exist", () => {
    const given = { dataQueue: "cpus", runtime: { name: "mixcpt" }, account: "scores", priorityClasses: "mixcpt" };
    expect(readNames({ ...tenant, ...given })).toMatchObject({
      queues: { gpu: "team-queue", cpu: "cpus" },
      runtime: "mixcpt",
      runtimeKind: "ClusterTrainingRuntime",
      account: "scores",
      priorityPrefix: "mixcpt",
    });
  });

  it("must name namespace, queue and claim, and has no key that needs other rights", () => {
    const missing = Object.fromEntries(Object.keys(givenToTenant).map((key) => [key, undefined]));
    expect(listProblems({ ...tenant, ...missing, store: existing.store, controllers: "published" })).toEqual([
      expect.stringMatching(/^namespace: must be the name of a namespace that exists/),
      expect.stringMatching(/^queue: must be the name of a LocalQueue/),
      expect.stringMatching(/^claim: must be the name of a PersistentVolumeClaim/),
      expect.stringMatching(/^store = .*: unknown key/),
      expect.stringMatching(/^controllers = "published": unknown key/),
    ]);
  });
});

describe("an install in another namespace", () => {
  it("shares no name of the whole cluster with one in the default namespace", () => {
    const [first, second] = [readNames(existing), readNames({ ...existing, namespace: "team-a" })];
    expect([first.namespace, first.runtimeKind, first.priorityPrefix]).toEqual([
      "mixcpt",
      "ClusterTrainingRuntime",
      "mixcpt",
    ]);
    expect([second.namespace, second.runtimeKind, second.priorityPrefix]).toEqual([
      "team-a",
      "TrainingRuntime",
      "mixcpt-team-a",
    ]);
  });

  it("needs a namespace that fits into the names of its objects", () => {
    for (const namespace of ["Team", "a".repeat(41), "a.b"])
      expect(listProblems({ ...existing, namespace })).toEqual([expect.stringMatching(/^namespace = .* at most 40/)]);
  });
});

describe("the share of a queue", () => {
  it("is refused with all that cannot work", () => {
    expect(listProblems({ ...existing, queue: { quota: 9, borrowingLimit: 2, weight: 1, reclaim: false } })).toEqual([
      "queue.quota = 9: must be at most 8, the devices of all nodes (nodes times devicesPerNode)",
      "queue.borrowingLimit = 2: needs a cohort, whose queues lend and borrow; add cohort or remove it",
      "queue.weight = 1: needs a cohort, whose queues lend and borrow; add cohort or remove it",
      "queue.reclaim = false: needs a cohort, whose queues lend and borrow; add cohort or remove it",
    ]);
    expect(listProblems({ ...existing, queue: { quota: 0, cohort: "gpus", borrowingLimit: 0 } })).toEqual([
      "queue.quota = 0: 0 devices and nothing to borrow admit no work; raise quota, or borrow of a cohort",
    ]);
  });

  it("may be borrowed alone", () => {
    expect(listProblems({ ...existing, queue: { quota: 0, cohort: "gpus", weight: 0.5 } })).toEqual([]);
  });
});
