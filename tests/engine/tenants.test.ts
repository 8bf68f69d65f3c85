/**
 * Two teams on one cluster, each with rights in its namespace alone: `./mixcpt` with the real Pulumi engine, and a real
 * API server that authorizes by RBAC.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildExistingClusterConfig } from "../../infra/existingCluster.fixture.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { startApiServer } from "../support/apiServer.ts";
import type { ClonedCheckout } from "../support/clonedCheckout.ts";
import { cloneCheckout } from "../support/clonedCheckout.ts";
import { recordedImages } from "../support/clusterRecord.ts";
import { installControllerKinds } from "../support/controllerKinds.ts";
import { expectSuccess } from "../support/mixcptCommand.ts";
import { buildTenantFiles, createTenant, readSubmitterExample } from "../support/tenants.ts";

const teams = ["team-a", "team-b"] as const;
const home = mkdtempSync(join(tmpdir(), "mixcpt-tenants-"));
let api: ApiServer;
let clone: ClonedCheckout;

beforeAll(async () => {
  api = await startApiServer();
  api.startControllers();
  await installControllerKinds(api);
  clone = cloneCheckout();
  for (const team of teams) {
    const { cluster, stack } = buildTenantFiles(team, await createTenant(api, team, home));
    writeCluster(team, cluster);
    clone.writeYaml(`Pulumi.exp-${team}.yaml`, { config: stack });
  }
});

afterAll(async () => {
  clone.remove();
  rmSync(home, { recursive: true });
  await api.stop();
});

function writeCluster(stack: string, cluster: object): void {
  clone.writeYaml(`infra/Pulumi.${stack}.yaml`, { config: { "mixcpt-infra:cluster": cluster } });
}

async function run(...args: string[]): Promise<string> {
  const result = await clone.run(args);
  expectSuccess(result, `mixcpt ${args.join(" ")}`);
  return result.output;
}

const kindPaths = {
  trainJobs: "trainer.kubeflow.org/v1alpha1",
  trainingRuntimes: "trainer.kubeflow.org/v1alpha1",
  jobSets: "jobset.x-k8s.io/v1alpha2",
  jobs: "batch/v1",
  roles: "rbac.authorization.k8s.io/v1",
} as const;

async function listNames(path: string): Promise<string[]> {
  const { body } = await api.call("GET", path);
  return ((body["items"] ?? []) as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
}

function getListPath(namespace: string, kind: keyof typeof kindPaths): string {
  return `/apis/${kindPaths[kind]}/namespaces/${namespace}/${kind.toLowerCase()}`;
}

function listInNamespace(namespace: string, kind: keyof typeof kindPaths): Promise<string[]> {
  return listNames(getListPath(namespace, kind));
}

async function countRuns(namespace: string): Promise<number[]> {
  const kinds = ["trainJobs", "jobSets", "jobs"] as const;
  return (await Promise.all(kinds.map((kind) => listInNamespace(namespace, kind)))).map(({ length }) => length);
}

/** Lists the objects of the whole cluster that this project would make with an administrator's rights. */
async function listClusterWideObjects(): Promise<string[]> {
  const paths = [
    "/apis/kueue.x-k8s.io/v1beta2/clusterqueues",
    "/apis/kueue.x-k8s.io/v1beta2/resourceflavors",
    "/apis/kueue.x-k8s.io/v1beta2/workloadpriorityclasses",
    "/apis/trainer.kubeflow.org/v1alpha1/clustertrainingruntimes",
    "/api/v1/persistentvolumes",
  ];
  return (await Promise.all(paths.map(listNames))).flat();
}

it("brings up a cluster with rights in one namespace, and makes nothing outside it", async () => {
  for (const team of teams) {
    expect(await run("cluster", "up", team)).toContain(`cluster up ${team}`);
    expect(await listInNamespace(team, "trainingRuntimes")).toEqual(["llama-factory"]);
    expect(await listInNamespace(team, "roles")).toEqual(["mixcpt-tenant", "publish"]);
  }
  expect(await listClusterWideObjects()).toEqual([]);
});

it("submits runs of each team to its namespace, queue, claim and runtime", async () => {
  for (const team of teams) await run("up", `exp-${team}`);
  expect(await Promise.all(teams.map(countRuns))).toEqual([await countRuns("team-a"), await countRuns("team-a")]);
  const [name = ""] = await listInNamespace("team-a", "trainJobs");
  const { body } = await api.call("GET", `/apis/${kindPaths.trainJobs}/namespaces/team-a/trainjobs/${name}`);
  expect(body["spec"]).toMatchObject({ runtimeRef: { kind: "TrainingRuntime", name: "llama-factory" } });
  const text = JSON.stringify(body["spec"]);
  expect(text).toContain('"kueue.x-k8s.io/queue-name":"team-queue"');
  expect(text).not.toContain("kueue.x-k8s.io/priority-class");
});

it("shows a team its runs without the right to read nodes", async () => {
  const { output } = await clone.run(["explain", "exp-team-b", "Tiny-Mono-Stag"]);
  expect(output).toMatch(/waiting for data[^]*PersistentVolumeClaim team-store: Pending/);
});

it("refuses a namespace of others and what does not exist, before it makes anything", async () => {
  const { cluster } = buildTenantFiles("team-a", join(home, "team-a.kubeconfig"));
  writeCluster("stray", { ...cluster, namespace: "team-b" });
  const stray = await clone.run(["cluster", "up", "stray"]);
  expect([stray.exitCode, stray.output]).toEqual([1, expect.stringContaining("nothing was changed")]);
  expect(stray.output).toMatch(
    /rights in namespace team-b: the user may not get, list, watch, create, patch, delete jobs\.batch; .*tenant-role/,
  );
  writeCluster("stray", { ...cluster, queue: "fast", claim: "nothing" });
  const { output } = await clone.run(["cluster", "up", "stray"]);
  expect(output).toContain("queue: LocalQueue fast does not exist; existing: team-queue");
  expect(output).toContain("claim: PersistentVolumeClaim nothing does not exist; existing: team-store");
});

it("ends the runs of a team and leaves those of the other", async () => {
  const before = await countRuns("team-b");
  await run("destroy", "exp-team-a", "--yes", "--end-running");
  expect([await countRuns("team-a"), await countRuns("team-b")]).toEqual([[0, 0, 0], before]);
});

it("removes what a team made and leaves what the administrator gave it", async () => {
  await run("cluster", "destroy", "team-a", "--yes");
  expect(await listInNamespace("team-a", "trainingRuntimes")).toEqual([]);
  expect(await listInNamespace("team-a", "roles")).toEqual(["mixcpt-tenant"]);
  expect(await listNames("/api/v1/namespaces/team-a/persistentvolumeclaims")).toEqual(["team-store"]);
});

/** Gives somebody a checkout with the cluster's file of the page on access, and a credential, as that page says. */
async function equipSubmitter(install: string): Promise<ClonedCheckout> {
  const kubeconfigFile = join(home, "submit.kubeconfig");
  writeFileSync(kubeconfigFile, (await clone.run(["cluster", "kubeconfig", install, "--role", "submit"])).stdout);
  const submitter = cloneCheckout();
  const { cluster, stack } = buildTenantFiles("mixcpt", kubeconfigFile);
  const { nodes, devices, images } = cluster;
  const file = { ...readSubmitterExample(), kubeconfigFile, nodes, devices, images };
  submitter.writeYaml("infra/Pulumi.rack-submit.yaml", { config: { "mixcpt-infra:cluster": file } });
  submitter.writeYaml("Pulumi.exp.yaml", { config: { ...stack, "mixcpt:cluster": "rack-submit" } });
  return submitter;
}

describe("two installs of administrators on one cluster", () => {
  const installs = { first: "mixcpt", second: "team-c" } as const;

  beforeAll(async () => {
    const kubeconfigFile = join(home, "admin.kubeconfig");
    writeFileSync(kubeconfigFile, api.kubeconfig);
    for (const [stack, namespace] of Object.entries(installs)) {
      const file = { ...buildExistingClusterConfig(kubeconfigFile), controllers: "installed", namespace };
      writeCluster(stack, { ...file, images: recordedImages });
      await run("cluster", "up", stack);
    }
  });

  it("share no object of the whole cluster", async () => {
    const names = await listClusterWideObjects();
    expect(names).toEqual(expect.arrayContaining(["mixcpt-gpu", "mixcpt-mi250x", "mixcpt-store", "llama-factory"]));
    expect(names).toEqual(expect.arrayContaining(["mixcpt-team-c-gpu", "mixcpt-team-c-mi250x", "mixcpt-team-c-store"]));
    expect(await listInNamespace("team-c", "trainingRuntimes")).toEqual(["llama-factory"]);
  });

  it("are used by a submitter who has the credential of a role, and a checkout and a state of their own", async () => {
    const submitter = await equipSubmitter("first");
    const before = await listClusterWideObjects();
    expectSuccess(await submitter.run(["cluster", "up", "rack-submit"]));
    expectSuccess(await submitter.run(["up", "exp"]));
    expect(Math.min(...(await countRuns("mixcpt")))).toBeGreaterThan(0);
    expect(await listClusterWideObjects()).toEqual(before);
    const again = await submitter.run(["cluster", "kubeconfig", "rack-submit", "--role", "operate"]);
    expect([again.exitCode, again.output]).toEqual([1, expect.stringContaining("kind tenant")]);
    expectSuccess(await submitter.run(["destroy", "exp", "--yes", "--end-running"]));
    expect(await countRuns("mixcpt")).toEqual([0, 0, 0]);
    submitter.remove();
  });

  it("leave each other's objects when one is destroyed", async () => {
    const before = (await listClusterWideObjects()).filter((name) => !name.includes("team-c"));
    await run("cluster", "destroy", "second", "--yes");
    expect(await listClusterWideObjects()).toEqual(before);
    expect(await listInNamespace("team-b", "trainingRuntimes")).toEqual(["llama-factory"]);
  });
});
