/**
 * A stack that evaluates models without training, beside a family's stack, with the real Pulumi engine and a real API
 * server, in a fresh clone. Nothing runs on the cluster: the test writes the scores.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClonedCheckout } from "../support/clonedCheckout.ts";
import { createTeam } from "../support/team.ts";
import type { Team } from "../support/team.ts";

const jobSetsPath = "/apis/jobset.x-k8s.io/v1alpha2/namespaces/mixcpt/jobsets";
const jobsPath = "/apis/batch/v1/namespaces/mixcpt/jobs";
const configMapsPath = "/api/v1/namespaces/mixcpt/configmaps";

const scoresStack = {
  "mixcpt:kind": "evaluation",
  "mixcpt:models": {
    "Tiny-base": {},
    "Tiny-Mono-Alt": { path: "runs/elsewhere/checkpoint-24" },
    "my-model": { path: "models/my-model", family: "tiny", categories: ["Stag"] },
  },
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
  "mixcpt:cluster": "lab",
};

let team: Team;
let clone: ClonedCheckout;

beforeAll(async () => {
  team = await createTeam();
  clone = team.makeClone();
  clone.writeYaml("Pulumi.scores.yaml", { config: scoresStack });
});
afterAll(() => team.remove());

async function runCommand(...args: string[]): Promise<string> {
  const { exitCode, output } = await clone.run(args, team.backend);
  if (exitCode !== 0) throw new Error(`${args.join(" ")}: exit code ${String(exitCode)}: ${output}`);
  return output;
}

interface ListedObject {
  readonly metadata: { readonly name: string; readonly uid: string };
}

async function listObjects(path: string): Promise<ListedObject[]> {
  const { body } = await team.api.call("GET", path);
  return body["items"] as ListedObject[];
}

async function listNames(path: string): Promise<string[]> {
  return (await listObjects(path)).map(({ metadata }) => metadata.name).sort();
}

/** Ends an evaluation as its controller would. */
async function endEvaluation(name: string, type: "Completed" | "Failed"): Promise<void> {
  const condition = { type, status: "True", reason: type, message: type, lastTransitionTime: "2026-11-24T06:29:00Z" };
  await team.api.call("PATCH", `${jobSetsPath}/${name}/status`, { status: { conditions: [condition] } });
}

/** The ConfigMap that the publish step of an evaluation would write, from the spec of that step. */
async function publishScores(evaluation: string, accuracy: number): Promise<void> {
  const { body } = await team.api.call("GET", `${jobSetsPath}/${evaluation}`);
  const [, spec = ""] = /run: (\S+?)\\n/.exec(JSON.stringify(body)) ?? [];
  const id = (body["metadata"] as { annotations: Record<string, string> }).annotations["mixcpt.io/cell-id"] ?? "";
  const score = { benchmark: "sib200", language: "yor_Latn", direction: null, metric: "accuracy", value: accuracy };
  const scores = {
    cell: id,
    run: spec,
    checkpoint: "/store/models/x",
    scores: [{ ...score, items: 5, signature: null, file: "sib200/yor_Latn.json" }],
    loss: [],
    training: { steps: null, seconds: null, devices: null },
    image: "unknown",
  };
  await team.api.call("POST", configMapsPath, {
    metadata: { name: `scores-${spec}`, labels: { "mixcpt.io/kind": "scores" } },
    data: { "scores.json": JSON.stringify(scores) },
  });
}

describe("an evaluation stack", () => {
  let evaluations: string[];

  it("is planned, previewed, and submitted once without a training", async () => {
    expect(await runCommand("plan", "scores")).toMatch(/scores: evaluation of 3 models on MI250X devices/);
    expect(await runCommand("preview", "scores")).toMatch(/7 to create/);
    await runCommand("up", "scores");
    expect(await team.listTrainings()).toEqual([]);
    expect(await listNames(jobsPath)).toEqual([
      expect.stringMatching(/^benchmarks-/),
      expect.stringMatching(/^model-tiny-/),
    ]);
    evaluations = await listNames(jobSetsPath);
    expect(evaluations).toEqual([
      expect.stringMatching(/^eval-my-model-/),
      expect.stringMatching(/^eval-tiny-base-/),
      expect.stringMatching(/^eval-tiny-mono-alt-/),
    ]);
    expect(await runCommand("up", "scores")).toMatch(/unchanged/);
    expect(await listNames(jobSetsPath)).toEqual(evaluations);
  });

  it("submits again what has failed", async () => {
    const [failed = ""] = evaluations;
    await endEvaluation(failed, "Failed");
    const before = await listObjects(jobSetsPath);
    await runCommand("retry", "scores");
    const after = await listObjects(jobSetsPath);
    const submittedAgain = after.filter(({ metadata }) => !before.some((one) => one.metadata.uid === metadata.uid));
    expect(submittedAgain.map(({ metadata }) => metadata.name)).toEqual([failed]);
  });

  it("is watched until all models are done", async () => {
    for (const name of evaluations) await endEvaluation(name, "Completed");
    const watched = JSON.parse(await runCommand("watch", "scores", "--json")) as { stacks: { outcome: string }[] };
    expect(watched.stacks).toMatchObject([{ outcome: "done", percent: 100, cells: [], bases: [{}, {}, {}] }]);
  });

  it("is reported with a cell, a base model and a model with another name", async () => {
    for (const [index, name] of evaluations.entries()) await publishScores(name, 20 * (index + 1));
    await runCommand("report", "scores", "--out", "page");
    const report = JSON.parse(readFileSync(join(clone.folder, "page/report.json"), "utf8")) as Record<
      "cells" | "bases",
      { id: string; value: number; base: number | null }[]
    >;
    expect(report.bases.map(({ id, value }) => [id, value])).toEqual([["Tiny-base", 40]]);
    expect(report.cells.map(({ id, value, base }) => [id, value, base])).toEqual([
      ["Tiny-Mono-Alt", 60, 40],
      ["my-model", 20, 40],
    ]);
  });

  it("is destroyed with all its objects", async () => {
    expect(await runCommand("destroy", "scores", "--yes")).toMatch(/destroy scores removes/);
    expect(await listNames(jobSetsPath)).toEqual([]);
  });
});
