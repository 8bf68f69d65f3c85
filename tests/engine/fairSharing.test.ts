/**
 * Weights of queues that borrow from a rack (tests/render/rackCluster.yaml), with a real Kueue as its install would
 * configure it. Nodes are objects.
 */
import { getClusterHardware, selectQueueShare } from "../../infra/clusterHardware.ts";
import { hasWeight } from "../../infra/platform/fairSharing.ts";
import { deviceResource } from "../../jobs/hardware/gpuCatalog.ts";
import { queueLabel } from "../../jobs/kube/objectLabels.ts";
import { buildGpuFlavor } from "../../jobs/kube/queues.ts";
import { readExampleCluster } from "../render/exampleCluster.ts";
import { callSuccessfully } from "../support/callSuccessfully.ts";
import { waitUntil } from "../support/processes.ts";
import type { QueueCluster } from "../support/queueCluster.ts";
import { createQueues, startQueueCluster } from "../support/queueCluster.ts";

// Only paths of programs are read here, and Jest cannot load it.
jest.mock("execa", () => ({}));

let cluster: QueueCluster;
let heartbeat: NodeJS.Timeout;

const rack = readExampleCluster("rack");
const { nodes, devicesPerNode } = getClusterHardware(rack);
const devicesOfJob = 4;

/** A namespace whose queue has no devices of its own. */
async function createBorrower(namespace: string, weight: number): Promise<void> {
  const { api, outputs } = cluster;
  const flavor = buildGpuFlavor(outputs.hardware).metadata.name;
  await createQueues(api, { ...outputs, namespace }, { quota: 0, cohort: "gpus", flavor, weight });
}

/** Submits a Job that Kueue counts as a whole; the rule of the rack's namespace wants the queue on its pods. */
async function submitJob(namespace: string, index: number): Promise<void> {
  const labels = { [queueLabel]: "gpu" };
  const resources = { limits: { [deviceResource]: String(devicesOfJob) } };
  await callSuccessfully(cluster.api, "POST", `/apis/batch/v1/namespaces/${namespace}/jobs`, {
    metadata: { name: `job-${String(index)}`, labels },
    spec: {
      suspend: true,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: 0,
          containers: [{ name: "main", image: "none", resources }],
        },
      },
    },
  });
}

async function submitJobs(namespace: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await submitJob(namespace, index);
}

async function countAdmitted(namespace: string): Promise<number> {
  const { body } = await cluster.api.call("GET", `/apis/batch/v1/namespaces/${namespace}/jobs`);
  const { items } = body as unknown as { items: { spec: { suspend?: boolean } }[] };
  return items.filter(({ spec }) => spec.suspend !== true).length;
}

/** Waits until queues have this many jobs admitted, by namespace. */
function waitForShares(shares: Readonly<Record<string, number>>): Promise<void> {
  const haveShares = async () => {
    const counts = await Promise.all(Object.keys(shares).map(countAdmitted));
    return Object.values(shares).every((count, index) => counts[index] === count);
  };
  return waitUntil(`queues have admitted ${JSON.stringify(shares)}`, haveShares, 120);
}

beforeAll(async () => {
  cluster = await startQueueCluster(nodes, devicesPerNode, {
    ...selectQueueShare(rack),
    sharesFairly: hasWeight(rack),
  });
  heartbeat = setInterval(() => void cluster.reportReady(cluster.nodeNames).catch(() => undefined), 8000);
  await createBorrower("team-heavy", 3);
  await createBorrower("team-light", 1);
});

afterAll(async () => {
  clearInterval(heartbeat);
  await cluster?.stop();
});

it("lends the rack's 16 devices of its quota, and no others", async () => {
  await submitJobs("team-light", 5);
  await waitForShares({ "team-light": 4 });
});

it("divides them by the weights 3 and 1, although the light queue had borrowed all of them", async () => {
  await submitJobs("team-heavy", 4);
  await waitForShares({ "team-heavy": 3, "team-light": 1 });
});

it("gives them back to the rack's own team as soon as it has work for them", async () => {
  await submitJobs("mixcpt", 4);
  await waitForShares({ mixcpt: 4, "team-heavy": 0, "team-light": 0 });
});
