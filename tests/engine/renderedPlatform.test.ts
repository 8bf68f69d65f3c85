/**
 * `./mixcpt cluster render`: manifests that are what `cluster up` makes, and that another program may apply and own. A
 * real API server, the real Pulumi engine and kubectl; no controllers run.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildExistingClusterConfig } from "../../infra/existingCluster.fixture.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { startApiServer } from "../support/apiServer.ts";
import type { ClonedCheckout } from "../support/clonedCheckout.ts";
import { cloneCheckout } from "../support/clonedCheckout.ts";
import { recordedImages } from "../support/clusterRecord.ts";
import { installControllerKinds } from "../support/controllerKinds.ts";
import { expectSuccess, runProgram } from "../support/mixcptCommand.ts";
import { findProgram } from "../support/toolchainPrograms.ts";

const home = mkdtempSync(join(tmpdir(), "mixcpt-rendered-platform-"));
const kubeconfigFile = join(home, "kubeconfig");
let api: ApiServer;
let clone: ClonedCheckout;

function writeCluster(stack: string, cluster: object): void {
  clone.writeYaml(`infra/Pulumi.${stack}.yaml`, {
    config: { "mixcpt-infra:cluster": { ...cluster, images: recordedImages } },
  });
}

function writeInstall(namespace: string): void {
  const access = { submit: ["lab"] };
  writeCluster(namespace, {
    ...buildExistingClusterConfig(kubeconfigFile),
    controllers: "installed",
    namespace,
    access,
  });
}

async function run(...args: string[]): Promise<string> {
  const result = await clone.run(args);
  expectSuccess(result, `mixcpt ${args.join(" ")}`);
  return result.output;
}

function runKubectl(...args: string[]) {
  return runProgram(findProgram("kubectl"), ["--kubeconfig", kubeconfigFile, ...args]);
}

/** Renders the platform of a cluster and returns the files in their order. */
async function renderPlatform(stack: string): Promise<string[]> {
  await run("cluster", "render", stack, "--out", home);
  return readdirSync(join(home, stack))
    .sort()
    .map((name) => join(home, stack, name));
}

beforeAll(async () => {
  api = await startApiServer();
  api.startControllers();
  await installControllerKinds(api);
  writeFileSync(kubeconfigFile, api.kubeconfig);
  clone = cloneCheckout();
});

afterAll(async () => {
  clone.remove();
  rmSync(home, { recursive: true });
  await api.stop();
});

it("are what cluster up makes: kubectl finds no difference but the order for Argo CD", async () => {
  writeInstall("team-a");
  await run("cluster", "up", "team-a");
  for (const file of await renderPlatform("team-a")) {
    writeFileSync(file, readFileSync(file, "utf8").replace(/^ +argocd\.argoproj\.io\/sync-wave: .*\n/gm, ""));
    const { exitCode, output } = await runKubectl("diff", "--server-side", "--force-conflicts", "-f", file);
    expect([exitCode, output]).toEqual([0, ""]);
  }
});

it("carry a tenant's experiments when another program has applied them", async () => {
  writeInstall("team-b");
  for (const file of await renderPlatform("team-b"))
    expectSuccess(await runKubectl("apply", "--server-side", "-f", file));
  writeCluster("experiments", {
    kind: "tenant",
    kubeconfigFile,
    namespace: "team-b",
    queue: "gpu",
    dataQueue: "cpu",
    claim: "store",
    runtime: { kind: "TrainingRuntime", name: "llama-factory" },
    account: "publish",
    priorityClasses: "mixcpt-team-b",
    nodes: 1,
    devices: buildExistingClusterConfig(kubeconfigFile).devices,
  });
  expect(await run("cluster", "up", "experiments")).toContain("is up");
  clone.writeYaml("Pulumi.cells.yaml", {
    config: {
      "mixcpt:family": "tiny",
      "mixcpt:protocol": "miniature",
      "mixcpt:axes": { data: ["Mono"], categories: ["Stag"] },
      "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
      "mixcpt:cluster": "experiments",
    },
  });
  await run("up", "cells");
  const { stdout } = await runKubectl("get", "trainjobs", "--namespace", "team-b", "--output", "name");
  expect(stdout.trim().split("\n")).toHaveLength(1);
});
