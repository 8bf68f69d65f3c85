/** What the runs of the test's cells have on the cluster and in the store. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { findLocalHost, limitPodProcessor } from "./localMachines.ts";
import { runMixcpt, runMixcptSuccessfully } from "./mixcptCommand.ts";
import type { ObjectWithConditions } from "./testCluster.ts";
import { listClusterObjects, pollFor, runPlatformKubectl, testStack } from "./testCluster.ts";

export const storeFolder = resolve(checkoutDirectory, ".mixcpt", testStack, "store");

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

/** Lists the pods of a cell's training that have started and not failed: on a fast machine they may have ended. */
export async function listStartedPods(cell: string): Promise<TrainingPod[]> {
  return [...(await listTrainingPods(cell, "Running")), ...(await listTrainingPods(cell, "Succeeded"))];
}

/** Waits for a running pod of a cell's training, by default any, and returns its name. */
export function awaitTrainingPod(
  what: string,
  cell: string,
  isWanted: (pod: string) => boolean | Promise<boolean> = () => true,
): Promise<string> {
  return pollFor(what, 300, async () => {
    for (const { metadata } of await listTrainingPods(cell, "Running"))
      if (await isWanted(metadata.name)) return metadata.name;
    return undefined;
  });
}

/** Gives a training pod a share of a processor. The pod that replaces it has no such limit. */
export async function slowTrainingPod(name: string, share: number): Promise<void> {
  const columns = "jsonpath={.spec.nodeName} {.metadata.uid}";
  const [node = "", uid = ""] = (await runPlatformKubectl("get", "pod", name, "-o", columns)).trim().split(" ");
  await limitPodProcessor(await findLocalHost(node), uid, share);
}

export function listTrainJobs(): Promise<ObjectWithConditions[]> {
  return listClusterObjects<ObjectWithConditions>("trainjobs");
}

export function listEvaluations(): Promise<ObjectWithConditions[]> {
  return listClusterObjects<ObjectWithConditions>("jobsets", "-l", "mixcpt.io/step=evaluate");
}

export function findRunDirectory(slug: string, store = storeFolder): string {
  const runs = resolve(store, "runs");
  const name = existsSync(runs) ? readdirSync(runs).find((run) => run.startsWith(`${slug}-`)) : undefined;
  return resolve(runs, name ?? "none yet");
}

export function hasCompleteCheckpoint(slug: string, store = storeFolder): boolean {
  const run = findRunDirectory(slug, store);
  return (
    existsSync(run) &&
    readdirSync(run).some((name) => name.startsWith("checkpoint-") && existsSync(resolve(run, name, "COMPLETE")))
  );
}

export function listCheckpoints(run: string): string[] {
  const names = readdirSync(run).filter((name) => name.startsWith("checkpoint-"));
  return names.sort();
}

/** The SHA-256 of the weights of each checkpoint of a run. */
export function hashWeights(run: string): Map<string, string> {
  return new Map(
    listCheckpoints(run).map((name) => {
      const weights = readFileSync(resolve(run, name, "model.safetensors"));
      return [name, createHash("sha256").update(weights).digest("hex")];
    }),
  );
}

/** Watches a stack. If it does not finish, prints its objects and the logs of its trainings. */
export async function watchUntilDone(stack: string): Promise<void> {
  const { exitCode, output } = await runMixcpt("watch", stack);
  console.log(output);
  if (exitCode !== 0) {
    console.log(await runPlatformKubectl("get", "trainjobs,jobsets,workloads,pods", "-o", "wide"));
    console.log(await runPlatformKubectl("logs", "-l", "mixcpt.io/step=train", "--tail=40", "--prefix"));
  }
  expect(exitCode).toBe(0);
}

/** All values in the score files of the store. */
export function readStoredScores(): number[] {
  const scores = resolve(storeFolder, "scores");
  const files = readdirSync(scores, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
  return files.flatMap(
    (file) =>
      (JSON.parse(readFileSync(resolve(scores, file), "utf8")) as { scores?: { value: number }[] }).scores?.map(
        ({ value }) => value,
      ) ?? [],
  );
}

/** Makes the report of a stack, and returns its data and its page. */
export async function makeReport<Data>(stack: string): Promise<{ data: Data; page: string }> {
  const out = resolve(checkoutDirectory, ".mixcpt", testStack, `report-of-${stack}`);
  await runMixcptSuccessfully("report", stack, "--out", out);
  const readOutput = (name: string) => readFileSync(resolve(out, name), "utf8");
  return { data: JSON.parse(readOutput("report.json")) as Data, page: readOutput("index.html") };
}
