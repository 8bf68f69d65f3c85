/** One training on the rack of a clone: the stacks that make it, and what it has on the cluster and in the store. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readToolchain, requireNodeSoftware } from "../../workspace/toolchain.ts";
import { findRunDirectory, hasCompleteCheckpoint } from "./cellRuns.ts";
import { importImages, limitPodProcessor } from "./localMachines.ts";
import { measure } from "./rack.ts";
import type { ObjectWithConditions } from "./testCluster.ts";
import { hasCondition, pollFor } from "./testCluster.ts";
import { clone, runInClone, runKubectl, selectMember, rackStack, rackStore } from "./upgradedRack.ts";

const platformStack = `${rackStack}-platform`;
export const cellStack = `${rackStack}-cell`;
const cell = "tiny-mono-stag";
/** Enough for the upgrade of the control plane and of both workers at the shares of a processor of this test. */
const steps = 450;
const devices = { gpu: "MI250X", devicesPerNode: 2 };

function buildPlatform() {
  const emulated = [1, 2].map((index) => selectMember(index).name);
  const cluster = {
    kind: "existing",
    kubeconfigFile: `.mixcpt/${rackStack}/kubeconfig`,
    nodes: emulated.length,
    devices: { ...devices, emulated },
    controllers: "built",
    store: { kind: "path", path: "/srv/mixcpt" },
  };
  return { config: { "mixcpt-infra:cluster": cluster } };
}

/** A cell that needs the devices of a node. */
function buildCell() {
  return {
    config: {
      "mixcpt:family": "tiny",
      "mixcpt:protocol": "miniature",
      "mixcpt:axes": { data: ["Mono"], categories: ["Stag"] },
      "mixcpt:hardware": { ...devices, nodesPerCell: 1 },
      "mixcpt:overrides": { "Tiny-Mono-Stag": { max_steps: steps } },
      "mixcpt:cluster": platformStack,
    },
  };
}

/** The only API server of the rack may restart with the kubelet of its node, so that a query is repeated. */
async function listObjects<T>(kind: string, ...more: string[]): Promise<T[]> {
  const query = ["get", kind, "-n", "mixcpt", "-o", "json", ...more];
  const output = await pollFor(`kubectl ${query.join(" ")}`, 180, () => runKubectl(...query).catch(() => undefined));
  return (JSON.parse(output) as { items: T[] }).items;
}

/** Puts the images of the work on all machines, as a registry would, and installs the platform with the workers. */
export async function installPlatform(): Promise<void> {
  const { workImages } = requireNodeSoftware(readToolchain());
  for (const index of [0, 1, 2])
    await measure("import of the images", () => importImages(selectMember(index), workImages));
  clone.writeYaml(`infra/Pulumi.${platformStack}.yaml`, buildPlatform());
  await measure("the platform", () => runInClone("cluster", "up", platformStack));
}

/** Waits until the controllers run again, which end whenever the only API server restarts. */
export async function awaitControllers(): Promise<void> {
  await runKubectl("wait", "deployment", "--all", "--all-namespaces", "--for=condition=Available", "--timeout=8m");
}

/** Submits the cell, and waits until its training has a checkpoint. */
export async function startTraining(): Promise<void> {
  clone.writeYaml(`Pulumi.${cellStack}.yaml`, buildCell());
  await runInClone("up", cellStack);
  await pollFor("the training has a checkpoint", 1500, () =>
    Promise.resolve(hasCompleteCheckpoint(cell, rackStore) ? true : undefined),
  );
}

/** Waits until nothing but the training uses devices. */
export async function awaitBaseEvaluation(): Promise<void> {
  await pollFor("the evaluation of the base model is over", 900, async () => {
    const evaluations = await listObjects<ObjectWithConditions>("jobsets", "-l", "mixcpt.io/step=evaluate");
    return evaluations.some((evaluation) => hasCondition(evaluation, "Completed")) ? true : undefined;
  });
}

/** A pod of the training, and the node on which it runs. */
export interface PlacedTraining {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
}

interface ListedPod extends ObjectWithConditions {
  readonly metadata: ObjectWithConditions["metadata"] & { uid: string };
  readonly spec: { nodeName: string };
}

/** Waits for a running pod of the training, by default any. */
export function awaitPlacedTraining(what: string, isWanted: (pod: PlacedTraining) => boolean = () => true) {
  const labels = `mixcpt.io/cell=${cell},jobset.sigs.k8s.io/replicatedjob-name=node`;
  return pollFor(what, 600, async (): Promise<PlacedTraining | undefined> => {
    const pods = await listObjects<ListedPod>("pods", "-l", labels, "--field-selector=status.phase=Running");
    return pods
      .map(({ metadata, spec }) => ({ name: metadata.name, uid: metadata.uid, node: spec.nodeName }))
      .find(isWanted);
  });
}

/** Gives a pod of the training a share of a processor. Its next pod has no such limit. */
export function limitProcessor({ uid, node }: PlacedTraining, share: number): Promise<void> {
  const machine = [1, 2].map(selectMember).find(({ name }) => name === node) ?? selectMember(0);
  return limitPodProcessor(machine, uid, share);
}

/** Reads the log of a pod, or follows it until the pod has ended. */
export function readLog({ name }: PlacedTraining, ...flags: string[]): Promise<string> {
  return runKubectl("logs", "-n", "mixcpt", "--container=node", ...flags, name);
}

interface TrainingJobSet extends ObjectWithConditions {
  readonly status?: ObjectWithConditions["status"] & { restarts?: number; restartsCountTowardsMax?: number };
}

/** Counts how often the pods of the training were started again, and how many of that count as retries. */
export async function countRestarts(): Promise<{ restarts: number; counted: number }> {
  const [jobSet] = await listObjects<TrainingJobSet>("jobsets", "-l", "mixcpt.io/step=train");
  const { restarts = 0, restartsCountTowardsMax: counted = 0 } = jobSet?.status ?? {};
  return { restarts, counted };
}

export async function isTrainingComplete(): Promise<boolean> {
  const trainJobs = await listObjects<ObjectWithConditions>("trainjobs");
  return trainJobs.length === 1 && trainJobs.every((job) => hasCondition(job, "Complete"));
}

/** Reads the mark that a training leaves in the store at its end; undefined if it has not ended. */
export function readCompletion(): unknown {
  const file = resolve(findRunDirectory(cell, rackStore), "COMPLETE");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** The checkpoint of the last step. */
export const lastCheckpoint = `checkpoint-${String(steps)}`;

/** Reads the number of the newest step in the log of the run. */
export function readStep(): number {
  const lines = readFileSync(resolve(findRunDirectory(cell, rackStore), "trainer_log.jsonl"), "utf8");
  const last = lines.trim().split("\n").at(-1) ?? "{}";
  return (JSON.parse(last) as { current_steps?: number }).current_steps ?? 0;
}
