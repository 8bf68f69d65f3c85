/**
 * Two cells, then one of two nodes, on two real hosts: systemd, sshd, kubelets, Kueue, JobSet, Trainer and
 * LLaMA-Factory. Proves order, resume, queueing and clean-up; says nothing about speed or about real GPUs.
 */
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { checkout, mixcpt, succeed } from "../support/command.ts";
import type { Conditioned } from "../support/testCluster.ts";
import { holds, kubectl, list, platform, stack, until } from "../support/testCluster.ts";

const minutes = 60_000;
const store = resolve(checkout, ".mixcpt", stack, "store");
const twoNodes = "test-two-nodes";
/** In the summary of an update: something was done. */
const didSomething = /\d+ (created|changed|replaced|deleted)/;

interface Pod extends Conditioned {
  spec: { nodeName?: string };
  status: Conditioned["status"] & { phase: string };
}

const trainingPods = (cell: string, phase: string): Promise<Pod[]> =>
  list<Pod>("pods", "-l", `mixcpt.io/cell=${cell},mixcpt.io/step=train,jobset.sigs.k8s.io/replicatedjob-name=node`, `--field-selector=status.phase=${phase}`);

const runDirectory = (slug: string): string => {
  const runs = resolve(store, "runs");
  const name = existsSync(runs) ? readdirSync(runs).find((run) => run.startsWith(`${slug}-`)) : undefined;
  return resolve(runs, name ?? "none yet");
};

const checkpointMarked = (slug: string): boolean => {
  const run = runDirectory(slug);
  return existsSync(run) && readdirSync(run).some((name) => name.startsWith("checkpoint-") && existsSync(resolve(run, name, "COMPLETE")));
};

beforeAll(async () => {
  await succeed("down", stack);
  rmSync(store, { recursive: true, force: true }); // an earlier run of these tests in this checkout
  console.log(await succeed("cluster", "up", stack));
  console.log(await succeed("cluster", "up", platform));
}, 10 * minutes);

afterAll(async () => {
  console.log(await succeed("down", stack));
}, minutes);

interface DaemonSet extends Conditioned {
  spec: { template: { spec: { containers: { image: string }[]; nodeSelector: Record<string, string> } } };
  status: Conditioned["status"] & { desiredNumberScheduled: number };
}

describe("the platform on a cluster that is there", () => {
  it("is installed once: a second up changes nothing", async () => {
    expect(await succeed("cluster", "up", platform)).not.toMatch(didSomething);
  }, 2 * minutes);

  it("has AMD's device plugin and node labeller, by digest, for the nodes with an AMD device", async () => {
    const { items } = JSON.parse(await succeed("kubectl", "--cluster", platform, "-n", "amd-gpu", "get", "daemonsets", "-o", "json")) as { items: DaemonSet[] };
    expect(items.map(({ metadata }) => metadata.name)).toEqual(["device-plugin", "node-labeller"]);
    for (const { spec, status } of items) {
      expect(spec.template.spec.containers.every(({ image }) => /@sha256:[0-9a-f]{64}$/.test(image))).toBe(true);
      expect(spec.template.spec.nodeSelector).toEqual({ "feature.node.kubernetes.io/amd-gpu": "true" });
      expect(status.desiredNumberScheduled).toBe(0); // the devices of these hosts are emulated
    }
  }, minutes);

  it("says what is wrong before anything happens where the kubeconfig is not there", async () => {
    const { exitCode, output } = await mixcpt("kubectl", "--cluster", "no-such-cluster", "get", "nodes");
    expect(exitCode).not.toBe(0);
    expect(output).toContain("no-such-cluster");
  }, minutes);
});

describe("two cells on two hosts", () => {
  it("are submitted by an up that does not wait for them", async () => {
    expect(await succeed("up", stack)).toMatch(/\d+ created/);
    expect((await list<Conditioned>("trainjobs")).length).toBe(2);
    expect((await list<Conditioned>("jobsets", "-l", "mixcpt.io/step=evaluate")).length).toBe(2 + 1); // and the base model
  }, 3 * minutes);

  it("lose a training pod and go on from the newest complete checkpoint", async () => {
    const slug = "tiny-mono-stag";
    const [pod] = await until("a training with a complete checkpoint", 300, async () => {
      const pods = await trainingPods(slug, "Running");
      return pods.length > 0 && checkpointMarked(slug) ? pods : undefined;
    });
    await kubectl("delete", "pod", pod?.metadata.name ?? "", "--grace-period=0", "--force");
    const log = await until("a second training pod that says where it goes on from", 300, async () => {
      const again = [...(await trainingPods(slug, "Running")), ...(await trainingPods(slug, "Succeeded"))].find(({ metadata }) => metadata.name !== pod?.metadata.name);
      const text = again === undefined ? "" : await kubectl("logs", again.metadata.name);
      return /checkpoint-\d+/.test(text) ? text : undefined;
    });
    expect(log).toMatch(/resum\w+ .*checkpoint-\d+/i);
  }, 10 * minutes);

  it("are watched to their end", async () => {
    const { exitCode, output } = await mixcpt("watch", stack);
    console.log(output);
    expect(exitCode).toBe(0);
    expect((await list<Conditioned>("trainjobs")).every((job) => holds(job, "Complete"))).toBe(true);
    expect((await list<Conditioned>("jobsets", "-l", "mixcpt.io/step=evaluate")).every((job) => holds(job, "Completed"))).toBe(true);
  }, 15 * minutes);

  it("are not submitted again by a second up, nor after a refresh", async () => {
    expect(await succeed("up", stack)).not.toMatch(didSomething);
    await succeed("refresh", stack);
    expect(await succeed("up", stack)).not.toMatch(didSomething);
  }, 5 * minutes);

  it("have a report whose numbers are those of the score files in the store", async () => {
    const out = resolve(checkout, ".mixcpt", stack, "report");
    await succeed("report", stack, "--out", out);
    const { cells, bases } = JSON.parse(readFileSync(resolve(out, "report.json"), "utf8")) as Record<"cells" | "bases", { value: number }[]>;
    expect([cells.length, bases.length]).not.toContain(0);
    expect([...cells, ...bases].map(({ value }) => value).sort()).toEqual(scoresInStore().sort());
  }, minutes);

  it("leave corpora, checkpoints and scores in the store when they are destroyed", async () => {
    const before = scoresInStore().length;
    expect(await succeed("destroy", stack)).toMatch(/\d+ deleted/);
    expect(await list<Conditioned>("trainjobs")).toEqual([]);
    expect(scoresInStore().length).toBe(before);
  }, 3 * minutes);
});

/** Every value of every score file. */
function scoresInStore(): number[] {
  const scores = resolve(store, "scores");
  const files = readdirSync(scores, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
  return files.flatMap((file) => (JSON.parse(readFileSync(resolve(scores, file), "utf8")) as { scores?: { value: number }[] }).scores?.map(({ value }) => value) ?? []);
}

describe("a cell of two nodes", () => {
  it("trains as one world over both hosts", async () => {
    await succeed("up", twoNodes);
    const pods = await until("two training pods", 300, async () => {
      const running = await trainingPods("tiny-mono-alt", "Running");
      return running.length === 2 ? running : undefined;
    });
    expect(new Set(pods.map(({ spec }) => spec.nodeName)).size).toBe(2);
    const { exitCode, output } = await mixcpt("watch", twoNodes);
    console.log(output);
    expect(exitCode).toBe(0);
    const states = readdirSync(runDirectory("tiny-mono-alt"), { recursive: true, encoding: "utf8" }).filter((file) => /rng_state_\d+\.pth$/.test(file));
    expect(new Set(states.map((file) => /rng_state_(\d+)/.exec(file)?.[1]))).toEqual(new Set(["0", "1"]));
  }, 15 * minutes);
});
