/**
 * The guards of `up` and `destroy` with the real Pulumi engine, the project's own program and real API servers: a stack
 * whose file names another cluster by now, and runs that are active. No kubelet runs: the test writes the pods.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resolveInstanceDirectory } from "../../workspace/environment.ts";
import type { ApiServer } from "../support/apiServer.ts";
import type { GuardedCommand } from "../support/guardedStack.ts";
import { expectSuccess, runProgram } from "../support/mixcptCommand.ts";
import { createPulumiEngine } from "../support/pulumiEngine.ts";
import type { PulumiEngine } from "../support/pulumiEngine.ts";
import { startRunCluster, trainJobsPath } from "../support/runCluster.ts";

const [lab, site] = ["engine-guards-lab", "engine-guards-site"];

let servers: ApiServer[] = [];
let engine: PulumiEngine;

function runGuarded(command: Omit<GuardedCommand, "home">, home = engine.home) {
  const request = JSON.stringify({ home, ...command });
  return runProgram(process.execPath, [
    "--disable-warning=ExperimentalWarning",
    "tests/support/guardedStack.ts",
    request,
  ]);
}

async function listTrainings(api: ApiServer): Promise<string[]> {
  const { body } = await api.call("GET", trainJobsPath);
  return (body["items"] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
}

interface StackState {
  readonly checkpoint: { readonly latest: { resources: { type: string }[]; pending_operations?: object[] } };
}

/** Leaves the state as an `up` does that was killed before it recorded the training that it had created. */
function loseTrainingRecord(): void {
  const file = join(engine.home, "state/.pulumi/stacks/mixcpt/mini.json");
  const state = JSON.parse(readFileSync(file, "utf8")) as StackState;
  const { latest } = state.checkpoint;
  const isTraining = ({ type }: { type: string }) => type.endsWith(":TrainJob");
  const lost = latest.resources.filter(isTraining);
  latest.pending_operations = lost.map((resource) => ({ type: "creating", resource: { ...resource, id: undefined } }));
  latest.resources = latest.resources.filter((resource) => !isTraining(resource));
  writeFileSync(file, JSON.stringify(state));
}

/** What a kubelet would report of a training that has begun. */
async function startTraining(api: ApiServer, name: string): Promise<void> {
  const labels = { "jobset.sigs.k8s.io/jobset-name": name, "jobset.sigs.k8s.io/replicatedjob-name": "node" };
  const podPath = "/api/v1/namespaces/mixcpt/pods";
  await api.call("POST", podPath, {
    metadata: { name: `${name}-node-0-0`, labels },
    spec: { containers: [{ name: "node", image: "none" }] },
  });
  await api.call("PATCH", `${podPath}/${name}-node-0-0/status`, {
    status: { phase: "Running", startTime: "2026-11-24T06:29:00Z" },
  });
}

beforeAll(async () => {
  [servers, engine] = await Promise.all([Promise.all([startRunCluster(), startRunCluster()]), createPulumiEngine()]);
  for (const [index, cluster] of [lab, site].entries())
    await runGuarded({ verb: "declare-cluster", cluster, kubeconfig: servers[index]?.kubeconfig ?? "" });
});

afterAll(async () => {
  for (const cluster of [lab, site]) rmSync(resolveInstanceDirectory(cluster), { recursive: true, force: true });
  engine?.removeHome();
  await Promise.all(servers.map((server) => server.stop()));
});

describe("a stack with an active training", () => {
  const trainingPattern = /Tiny-Mono-Stag: training tiny-mono-stag-\S+ on cluster "engine-guards-lab", active since/;
  let onLab: ApiServer;
  let trainings: string[];

  beforeAll(async () => {
    onLab = servers[0] as ApiServer;
    expectSuccess(await runGuarded({ verb: "up", cluster: lab }));
    trainings = await listTrainings(onLab);
    expect(trainings).toEqual([expect.stringMatching(/^tiny-mono-stag-/)]);
    await startTraining(onLab, trainings[0] ?? "");
  });

  afterEach(async () => {
    expect(await listTrainings(onLab)).toEqual(trainings);
  });

  it("is left alone by an up that changes nothing", async () => {
    const { exitCode, output } = await runGuarded({ verb: "up", cluster: lab });
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/^\{"same":\d+\}\n$/)]);
  });

  it("is not moved to another cluster by up", async () => {
    const { exitCode, output } = await runGuarded({ verb: "up", cluster: site });
    expect(output).toMatch(trainingPattern);
    expect(output).toMatch(/names cluster "engine-guards-site".*records runs on "engine-guards-lab"/);
    expect(exitCode).toBe(1);
    expect(await listTrainings(servers[1] as ApiServer)).toEqual([]);
  });

  it("is refused by a preview of that up, too", async () => {
    const { exitCode, output } = await runGuarded({ verb: "preview", cluster: site });
    expect([exitCode, output]).toEqual([1, expect.stringMatching(trainingPattern)]);
  });

  it("does not lose a cell that its file calls by another name", async () => {
    const axes = { data: ["Mono"], categories: ["Sel"] };
    const { exitCode, output } = await runGuarded({ verb: "up", cluster: lab, axes });
    expect([exitCode, output]).toEqual([1, expect.stringMatching(/up mini would end 1 active run/)]);
    expect(output).toMatch(trainingPattern);
  });

  it("may get another cell", async () => {
    const axes = { data: ["Mono"], categories: ["Stag", "Sel"] };
    expectSuccess(await runGuarded({ verb: "up", cluster: lab, axes }));
    trainings = await listTrainings(onLab);
    expect(trainings).toHaveLength(2);
    expectSuccess(await runGuarded({ verb: "up", cluster: lab }));
    trainings = await listTrainings(onLab);
    expect(trainings).toHaveLength(1);
  });

  it("is not destroyed unasked", async () => {
    const { exitCode, output } = await runGuarded({ verb: "destroy", cluster: site });
    expect(output).toMatch(/destroy mini removes\n {2}on cluster "engine-guards-lab": .*1 TrainJob/);
    expect(output).toMatch(trainingPattern);
    expect(output).toMatch(/destroy mini --end-running/);
    expect(exitCode).toBe(1);
  });

  it("is not submitted over from a checkout that has no state of it", async () => {
    const other = await createPulumiEngine();
    await runGuarded({ verb: "declare-cluster", cluster: lab, kubeconfig: onLab.kubeconfig }, other.home);
    const { exitCode, output } = await runGuarded({ verb: "up", cluster: lab }, other.home);
    other.removeHome();
    expect([exitCode, output]).toEqual([1, expect.stringMatching(/already has and that the state of this checkout/)]);
  });
});

describe("a stack whose runs may end", () => {
  it("is destroyed on the cluster of its state, and can then be submitted elsewhere", async () => {
    const [onLab, onSite] = servers as [ApiServer, ApiServer];
    const { exitCode, output } = await runGuarded({ verb: "destroy", cluster: site, endRunning: true });
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/and ends Tiny-Mono-Stag: training/)]);
    expect(await listTrainings(onLab)).toEqual([]);
    expectSuccess(await runGuarded({ verb: "up", cluster: site }));
    expect(await listTrainings(onSite)).toHaveLength(1);
  });

  it("is not destroyed while a training exists that a killed up did not record, but after the next up", async () => {
    const [, onSite] = servers as [ApiServer, ApiServer];
    loseTrainingRecord();
    const refused = await runGuarded({ verb: "destroy", cluster: site });
    expect(refused.output).toMatch(/destroy mini would leave 1 run that an interrupted up has created/);
    expect([refused.exitCode, await listTrainings(onSite)]).toEqual([1, [expect.any(String)]]);
    expectSuccess(await runGuarded({ verb: "up", cluster: site }));
    expectSuccess(await runGuarded({ verb: "destroy", cluster: site }));
    expect(await listTrainings(onSite)).toEqual([]);
    expectSuccess(await runGuarded({ verb: "up", cluster: site }));
  });

  it("is neither moved nor destroyed while its cluster cannot be asked", async () => {
    await servers[1]?.stop();
    for (const verb of ["up", "destroy"] as const) {
      const { exitCode, output } = await runGuarded({ verb, cluster: lab });
      expect(output).toMatch(/would end \d+ runs that may be active; nothing was changed\n {2}could not read cluster/);
      expect(exitCode).toBe(1);
    }
    expect(await listTrainings(servers[0] as ApiServer)).toEqual([]);
  });
});
