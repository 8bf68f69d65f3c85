/**
 * A stack whose axes are settings of recipes, with the real Pulumi engine and a real API server: cells that read the
 * same text share its data step, which stays the same object while cells come and go.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { rmSync } from "node:fs";
import { resolveInstanceDirectory } from "../../workspace/environment.ts";
import type { ApiServer } from "../support/apiServer.ts";
import type { GuardedCommand } from "../support/guardedStack.ts";
import { expectSuccess, runProgram } from "../support/mixcptCommand.ts";
import type { PulumiEngine } from "../support/pulumiEngine.ts";
import { createPulumiEngine } from "../support/pulumiEngine.ts";
import { startRunCluster, trainJobsPath } from "../support/runCluster.ts";

const cluster = "engine-added-axes";
const jobsPath = "/apis/batch/v1/namespaces/mixcpt/jobs";

let server: ApiServer;
let engine: PulumiEngine;

function runStack(command: Partial<GuardedCommand>) {
  const request = JSON.stringify({ home: engine.home, cluster, ...command });
  const script = "tests/support/guardedStack.ts";
  return runProgram(process.execPath, ["--disable-warning=ExperimentalWarning", script, request]);
}

interface ListedObject {
  readonly metadata: { readonly name: string; readonly uid: string };
}

async function listObjects(path: string): Promise<ListedObject["metadata"][]> {
  const { body } = await server.call("GET", path);
  return (body["items"] as ListedObject[]).map(({ metadata }) => metadata);
}

async function listTrainings(): Promise<string[]> {
  return (await listObjects(trainJobsPath)).map(({ name }) => name.slice(0, -"-12345678".length)).sort();
}

/** The jobs that mix the corpus, by name and uid. */
async function listCorpusJobs(): Promise<string[]> {
  const jobs = await listObjects(jobsPath);
  return jobs.filter(({ name }) => name.includes("mono-stag")).map(({ name, uid }) => `${name} ${uid}`);
}

beforeAll(async () => {
  [server, engine] = await Promise.all([startRunCluster(), createPulumiEngine()]);
  await runStack({ verb: "declare-cluster", kubeconfig: server.kubeconfig });
});

afterAll(async () => {
  rmSync(resolveInstanceDirectory(cluster), { recursive: true, force: true });
  engine?.removeHome();
  await server?.stop();
});

it("has a training for each combination and one data step, which stays while cells come and go", async () => {
  const axes = { data: ["Mono"], categories: ["Stag"] };
  expectSuccess(await runStack({ verb: "up", axes }));
  expect(await listTrainings()).toEqual(["tiny-mono-stag"]);
  const corpus = await listCorpusJobs();
  expect(corpus).toHaveLength(1);

  expectSuccess(await runStack({ verb: "up", axes: { ...axes, seed: [1, 2] } }));
  expect(await listTrainings()).toEqual(["tiny-mono-stag-seed1", "tiny-mono-stag-seed2"]);
  expect(await listCorpusJobs()).toEqual(corpus);

  const sweep = { ...axes, seed: [2, 3], learning_rate: [1e-3, 5e-4] };
  expectSuccess(await runStack({ verb: "up", axes: sweep }));
  expect(await listTrainings()).toEqual([
    "tiny-mono-stag-lr1e-3-seed2",
    "tiny-mono-stag-lr1e-3-seed3",
    "tiny-mono-stag-lr5e-4-seed2",
    "tiny-mono-stag-lr5e-4-seed3",
  ]);
  expect(await listCorpusJobs()).toEqual(corpus);
});

it("fails at the runs of another stack, and leaves them as they are", async () => {
  const axes = { data: ["Mono"], categories: ["Sel"] };
  expectSuccess(await runStack({ verb: "up", axes }));
  const [trainings, jobs] = [await listObjects(trainJobsPath), await listObjects(jobsPath)];
  const { exitCode, output } = await runStack({ verb: "up", axes, stack: "twin" });
  expect(exitCode).toBe(1);
  expect(output).toMatch(/TrainJob mixcpt\/tiny-mono-sel-[0-9a-f]{8} is already in the cluster under another owner/);
  expect(await listObjects(trainJobsPath)).toEqual(trainings);
  expect(await listObjects(jobsPath)).toEqual(expect.arrayContaining(jobs));
});
