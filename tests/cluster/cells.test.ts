/**
 * Two cells, then one of two nodes, on two real hosts: systemd, sshd, kubelets, Kueue, JobSet, Trainer and
 * LLaMA-Factory. Proves order, resume, queueing and clean-up; says nothing about speed or about real GPUs.
 */
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { runMixcpt, runMixcptSuccessfully } from "../support/mixcptCommand.ts";
import type { ObjectWithConditions } from "../support/testCluster.ts";
import {
  hasCondition,
  runPlatformKubectl,
  listClusterObjects,
  platformStack,
  testStack,
  pollFor,
} from "../support/testCluster.ts";

const minuteMs = 60_000;
const storeFolder = resolve(checkoutDirectory, ".mixcpt", testStack, "store");
const twoNodeStack = "test-two-nodes";
/** In the summary of an update: something was done. */
const resourceChangePattern = /\d+ (created|changed|replaced|deleted)/;

interface TrainingPod extends ObjectWithConditions {
  readonly spec: { nodeName?: string };
  readonly status: ObjectWithConditions["status"] & { phase: string };
}

function listTrainingPods(cell: string, phase: string): Promise<TrainingPod[]> {
  return listClusterObjects<TrainingPod>(
    "pods",
    "-l",
    `mixcpt.io/cell=${cell},mixcpt.io/step=train,jobset.sigs.k8s.io/replicatedjob-name=node`,
    `--field-selector=status.phase=${phase}`,
  );
}

function findRunDirectory(slug: string): string {
  const runs = resolve(storeFolder, "runs");
  const name = existsSync(runs) ? readdirSync(runs).find((run) => run.startsWith(`${slug}-`)) : undefined;
  return resolve(runs, name ?? "none yet");
}

function hasCompleteCheckpoint(slug: string): boolean {
  const run = findRunDirectory(slug);
  return (
    existsSync(run) &&
    readdirSync(run).some((name) => name.startsWith("checkpoint-") && existsSync(resolve(run, name, "COMPLETE")))
  );
}

beforeAll(async () => {
  await runMixcptSuccessfully("down", testStack);
  rmSync(storeFolder, { recursive: true, force: true }); // an earlier run of these tests in this checkout
  console.log(await runMixcptSuccessfully("cluster", "up", testStack));
  console.log(await runMixcptSuccessfully("cluster", "up", platformStack));
}, 10 * minuteMs);

afterAll(async () => {
  console.log(await runMixcptSuccessfully("down", testStack));
}, minuteMs);

interface DaemonSet extends ObjectWithConditions {
  readonly spec: { template: { spec: { containers: { image: string }[]; nodeSelector: Record<string, string> } } };
  readonly status: ObjectWithConditions["status"] & { desiredNumberScheduled: number };
}

describe("the platform on a cluster that is there", () => {
  it(
    "is installed once: a second up changes nothing",
    async () => {
      expect(await runMixcptSuccessfully("cluster", "up", platformStack)).not.toMatch(resourceChangePattern);
    },
    2 * minuteMs,
  );

  it(
    "has AMD's device plugin and node labeller, by digest, for the nodes with an AMD device",
    async () => {
      const { items } = JSON.parse(
        await runMixcptSuccessfully(
          "kubectl",
          "--cluster",
          platformStack,
          "-n",
          "amd-gpu",
          "get",
          "daemonsets",
          "-o",
          "json",
        ),
      ) as { items: DaemonSet[] };
      expect(items.map(({ metadata }) => metadata.name)).toEqual(["device-plugin", "node-labeller"]);
      for (const { spec, status } of items) {
        expect(spec.template.spec.containers.every(({ image }) => /@sha256:[0-9a-f]{64}$/.test(image))).toBe(true);
        expect(spec.template.spec.nodeSelector).toEqual({ "feature.node.kubernetes.io/amd-gpu": "true" });
        expect(status.desiredNumberScheduled).toBe(0); // the devices of these hosts are emulated
      }
    },
    minuteMs,
  );

  it(
    "says what is wrong before anything happens where the kubeconfig is not there",
    async () => {
      const { exitCode, output } = await runMixcpt("kubectl", "--cluster", "no-such-cluster", "get", "nodes");
      expect(exitCode).not.toBe(0);
      expect(output).toContain("no-such-cluster");
    },
    minuteMs,
  );
});

describe("two cells on two hosts", () => {
  it(
    "are submitted by an up that does not wait for them",
    async () => {
      expect(await runMixcptSuccessfully("up", testStack)).toMatch(/\d+ created/);
      expect((await listClusterObjects<ObjectWithConditions>("trainjobs")).length).toBe(2);
      expect((await listClusterObjects<ObjectWithConditions>("jobsets", "-l", "mixcpt.io/step=evaluate")).length).toBe(
        2 + 1,
      ); // and the base model
    },
    3 * minuteMs,
  );

  it(
    "lose a training pod and go on from the newest complete checkpoint",
    async () => {
      const slug = "tiny-mono-stag";
      const [pod] = await pollFor("a training with a complete checkpoint", 300, async () => {
        const pods = await listTrainingPods(slug, "Running");
        return pods.length > 0 && hasCompleteCheckpoint(slug) ? pods : undefined;
      });
      await runPlatformKubectl("delete", "pod", pod?.metadata.name ?? "", "--grace-period=0", "--force");
      const log = await pollFor("a second training pod that says where it goes on from", 300, async () => {
        const again = [
          ...(await listTrainingPods(slug, "Running")),
          ...(await listTrainingPods(slug, "Succeeded")),
        ].find(({ metadata }) => metadata.name !== pod?.metadata.name);
        const text = again === undefined ? "" : await runPlatformKubectl("logs", again.metadata.name);
        return /checkpoint-\d+/.test(text) ? text : undefined;
      });
      expect(log).toMatch(/resum\w+ .*checkpoint-\d+/i);
    },
    10 * minuteMs,
  );

  it(
    "are watched to their end",
    async () => {
      const { exitCode, output } = await runMixcpt("watch", testStack);
      console.log(output);
      expect(exitCode).toBe(0);
      expect(
        (await listClusterObjects<ObjectWithConditions>("trainjobs")).every((job) => hasCondition(job, "Complete")),
      ).toBe(true);
      expect(
        (await listClusterObjects<ObjectWithConditions>("jobsets", "-l", "mixcpt.io/step=evaluate")).every((job) =>
          hasCondition(job, "Completed"),
        ),
      ).toBe(true);
    },
    15 * minuteMs,
  );

  it(
    "are not submitted again by a second up, nor after a refresh",
    async () => {
      expect(await runMixcptSuccessfully("up", testStack)).not.toMatch(resourceChangePattern);
      await runMixcptSuccessfully("refresh", testStack);
      expect(await runMixcptSuccessfully("up", testStack)).not.toMatch(resourceChangePattern);
    },
    5 * minuteMs,
  );

  it(
    "have a report whose numbers are those of the score files in the store",
    async () => {
      const out = resolve(checkoutDirectory, ".mixcpt", testStack, "report");
      await runMixcptSuccessfully("report", testStack, "--out", out);
      const { cells, bases } = JSON.parse(readFileSync(resolve(out, "report.json"), "utf8")) as Record<
        "cells" | "bases",
        { value: number }[]
      >;
      expect([cells.length, bases.length]).not.toContain(0);
      expect([...cells, ...bases].map(({ value }) => value).sort()).toEqual(readStoredScores().sort());
    },
    minuteMs,
  );

  it(
    "leave corpora, checkpoints and scores in the store when they are destroyed",
    async () => {
      const before = readStoredScores().length;
      expect(await runMixcptSuccessfully("destroy", testStack)).toMatch(/\d+ deleted/);
      expect(await listClusterObjects<ObjectWithConditions>("trainjobs")).toEqual([]);
      expect(readStoredScores().length).toBe(before);
    },
    3 * minuteMs,
  );
});

/** Every value of every score file. */
function readStoredScores(): number[] {
  const scores = resolve(storeFolder, "scores");
  const files = readdirSync(scores, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
  return files.flatMap(
    (file) =>
      (JSON.parse(readFileSync(resolve(scores, file), "utf8")) as { scores?: { value: number }[] }).scores?.map(
        ({ value }) => value,
      ) ?? [],
  );
}

describe("a cell of two nodes", () => {
  it(
    "trains as one world over both hosts",
    async () => {
      await runMixcptSuccessfully("up", twoNodeStack);
      const pods = await pollFor("two training pods", 300, async () => {
        const running = await listTrainingPods("tiny-mono-alt", "Running");
        return running.length === 2 ? running : undefined;
      });
      expect(new Set(pods.map(({ spec }) => spec.nodeName)).size).toBe(2);
      const { exitCode, output } = await runMixcpt("watch", twoNodeStack);
      console.log(output);
      expect(exitCode).toBe(0);
      const states = readdirSync(findRunDirectory("tiny-mono-alt"), { recursive: true, encoding: "utf8" }).filter(
        (file) => /rng_state_\d+\.pth$/.test(file),
      );
      expect(new Set(states.map((file) => /rng_state_(\d+)/.exec(file)?.[1]))).toEqual(new Set(["0", "1"]));
    },
    15 * minuteMs,
  );
});
