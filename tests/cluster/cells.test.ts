/**
 * Two cells, then a cell of two nodes, on two real hosts with systemd, sshd, kubelets, Kueue, JobSet, Trainer and
 * LLaMA-Factory. These tests check order, resume, queueing and clean-up, but neither speed nor real GPUs.
 */
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import {
  awaitTrainingPod,
  findRunDirectory,
  hasCompleteCheckpoint,
  hashWeights,
  listCheckpoints,
  listEvaluations,
  listStartedPods,
  listTrainJobs,
  makeReport,
  readStoredScores,
  slowTrainingPod,
  storeFolder,
  watchUntilDone,
} from "../support/cellRuns.ts";
import { runMixcpt, runMixcptSuccessfully } from "../support/mixcptCommand.ts";
import {
  hasCondition,
  platformStack,
  pollFor,
  resourceChangePattern,
  runPlatformKubectl,
  testStack,
} from "../support/testCluster.ts";
import { describePlatform } from "./platformSteps.ts";

const minuteMs = 60_000;
/** The cell with the longest training (`max_steps` in the stack's file). */
const longCell = "tiny-bi-code-stag";
const twoNodeStack = "test-two-nodes";
/** The same cell with `stop: end`. */
const toEndStack = "test-two-nodes-to-end";

beforeAll(async () => {
  await runMixcptSuccessfully("down", testStack, "--yes", "--end-running");
  rmSync(storeFolder, { recursive: true, force: true }); // left by earlier tests in this checkout
  console.log(await runMixcptSuccessfully("cluster", "up", testStack));
  console.log(await runMixcptSuccessfully("cluster", "up", platformStack));
}, 10 * minuteMs);

afterAll(async () => {
  console.log(await runMixcptSuccessfully("down", testStack, "--yes", "--end-running"));
}, 10 * minuteMs);

describePlatform();

describe("two cells on two hosts", () => {
  it(
    "are submitted by an up that does not wait for them",
    async () => {
      expect(await runMixcptSuccessfully("up", testStack)).toMatch(/\d+ created/);
      expect(await listTrainJobs()).toHaveLength(2);
      expect(await listEvaluations()).toHaveLength(2 + 1); // two cells and the base model
    },
    10 * minuteMs,
  );

  it(
    "are ended neither by destroy, nor with their platform, nor with their hosts, unless that is asked for",
    async () => {
      // so that it still trains in the next test, too, however fast this machine is
      await slowTrainingPod(await awaitTrainingPod("a training", longCell), 0.3);
      for (const command of [
        ["destroy", testStack],
        ["cluster", "destroy", platformStack],
        ["down", testStack],
      ]) {
        const { exitCode, output } = await runMixcpt(...command, "--yes");
        expect([exitCode, output]).toEqual([1, expect.stringContaining(longCell)]);
      }
      expect(await listTrainJobs()).toHaveLength(2);
    },
    10 * minuteMs,
  );

  it(
    "save a checkpoint when a training pod is deleted with its grace, and resume from that one",
    async () => {
      const name = await awaitTrainingPod("a training with a line in its log", longCell, async (pod) =>
        /"done": *\d/.test(await runPlatformKubectl("logs", pod)),
      );
      const following = runPlatformKubectl("logs", "--follow", name);
      await runPlatformKubectl("delete", "pod", name);
      const log = await following;
      expect(log).toContain("told to stop: saving a checkpoint at the end of this step");
      const saved = [...log.matchAll(/^(checkpoint-\d+) is complete$/gm)].at(-1)?.[1] ?? "none";
      expect(listCheckpoints(findRunDirectory(longCell))).toContain(saved);
      const next = await awaitTrainingPod("the next training pod", longCell, (pod) => pod !== name);
      await slowTrainingPod(next, 0.3); // as above, because the next test takes this pod from the training
      await pollFor(`a training pod that resumes from ${saved}`, 300, async () =>
        (await runPlatformKubectl("logs", next)).includes(`resuming from ${saved}`) ? next : undefined,
      );
    },
    10 * minuteMs,
  );

  it(
    "resume from the newest complete checkpoint after they lose a training pod",
    async () => {
      const first = await awaitTrainingPod("a training with a complete checkpoint", longCell, () =>
        hasCompleteCheckpoint(longCell),
      );
      await runPlatformKubectl("delete", "pod", first, "--grace-period=0", "--force");
      const log = await pollFor("a second training pod that logs the checkpoint it resumes from", 300, async () => {
        const second = (await listStartedPods(longCell)).find(({ metadata }) => metadata.name !== first);
        const output = second === undefined ? "" : await runPlatformKubectl("logs", second.metadata.name);
        return /checkpoint-\d+/.test(output) ? output : undefined;
      });
      expect(log).toMatch(/resum\w+ .*checkpoint-\d+/i);
    },
    15 * minuteMs,
  );

  it(
    "are watched until they have finished",
    async () => {
      await watchUntilDone(testStack);
      expect((await listTrainJobs()).every((job) => hasCondition(job, "Complete"))).toBe(true);
      expect((await listEvaluations()).every((job) => hasCondition(job, "Completed"))).toBe(true);
    },
    15 * minuteMs,
  );

  it(
    "are not submitted again by a second up or after a refresh",
    async () => {
      expect(await runMixcptSuccessfully("up", testStack)).not.toMatch(resourceChangePattern);
      await runMixcptSuccessfully("refresh", testStack);
      expect(await runMixcptSuccessfully("up", testStack)).not.toMatch(resourceChangePattern);
    },
    10 * minuteMs,
  );

  it(
    "are reported with the numbers of the score files in the store",
    async () => {
      const { data } = await makeReport<Record<"cells" | "bases", { value: number }[]>>(testStack);
      const { cells, bases } = data;
      expect([cells.length, bases.length]).not.toContain(0);
      expect([...cells, ...bases].map(({ value }) => value).sort()).toEqual(readStoredScores().sort());
    },
    10 * minuteMs,
  );

  it(
    "keep their corpora, checkpoints and scores in the store when they are destroyed",
    async () => {
      const before = readStoredScores().length;
      expect(await runMixcptSuccessfully("destroy", testStack, "--yes")).toMatch(/\d+ deleted/);
      expect(await listTrainJobs()).toEqual([]);
      expect(readStoredScores().length).toBe(before);
    },
    10 * minuteMs,
  );
});

describe("a cell of two nodes", () => {
  it(
    "trains with one process group across both hosts",
    async () => {
      await runMixcptSuccessfully("up", twoNodeStack);
      const pods = await pollFor("two training pods", 300, async () => {
        const started = await listStartedPods("tiny-mono-alt");
        return started.length === 2 ? started : undefined;
      });
      expect(new Set(pods.map(({ spec }) => spec.nodeName)).size).toBe(2);
      await watchUntilDone(twoNodeStack);
      const states = readdirSync(findRunDirectory("tiny-mono-alt"), { recursive: true, encoding: "utf8" }).filter(
        (file) => /rng_state_\d+\.pth$/.test(file),
      );
      expect(new Set(states.map((file) => /rng_state_(\d+)/.exec(file)?.[1]))).toEqual(new Set(["0", "1"]));
    },
    15 * minuteMs,
  );

  it("stops after its last evaluated checkpoint and keeps the weights of the earlier ones", () => {
    const run = findRunDirectory("tiny-mono-alt");
    expect(JSON.parse(readFileSync(resolve(run, "COMPLETE"), "utf8"))).toEqual({
      checkpoint: "checkpoint-40",
      stopAfter: 40,
    });
    expect(listCheckpoints(run)).toEqual(["checkpoint-10", "checkpoint-20", "checkpoint-40"]);
    expect(existsSync(resolve(run, "checkpoint-10", "model.safetensors"))).toBe(true);
    expect(existsSync(resolve(run, "checkpoint-10", "optimizer.pt"))).toBe(false);
  });

  it(
    "is reported with the scores of its three checkpoints over tokens",
    async () => {
      const { data, page } = await makeReport<{ checkpoints: { step: number; tokens: number }[] }>(twoNodeStack);
      // two nodes with a process each read 4 sequences of 256 tokens per step
      expect(new Map(data.checkpoints.map(({ step, tokens }) => [step, tokens]))).toEqual(
        new Map([10, 20, 40].map((step) => [step, step * 2 * 4 * 256])),
      );
      expect(page).toContain('id="curves"');
    },
    10 * minuteMs,
  );

  it(
    "has, bit for bit, the weights that training to the end has at the same steps",
    async () => {
      const run = findRunDirectory("tiny-mono-alt");
      const stopped = hashWeights(run);
      expect(stopped.size).toBe(3);
      await runMixcptSuccessfully("destroy", twoNodeStack, "--yes");
      rmSync(run, { recursive: true }); // both stacks give the run the same name
      await runMixcptSuccessfully("up", toEndStack);
      await watchUntilDone(toEndStack);
      const toEnd = hashWeights(run);
      expect([...stopped.keys()].map((checkpoint) => [checkpoint, toEnd.get(checkpoint)])).toEqual([...stopped]);
      expect(toEnd.size).toBe(4);
      expect(new Set(toEnd.values()).size).toBe(4);
    },
    10 * minuteMs,
  );
});
