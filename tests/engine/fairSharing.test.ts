/** Weights of queues that borrow, with a real Kueue as an install with a weight configures it. Nodes are objects. */
import { deviceResource } from "../../jobs/hardware/gpuCatalog.ts";
import { buildGpuFlavor } from "../../jobs/kube/queues.ts";
import { callSuccessfully } from "../support/callSuccessfully.ts";
import { waitUntil } from "../support/processes.ts";
import type { QueueCluster } from "../support/queueCluster.ts";
import { createQueues, startQueueCluster } from "../support/queueCluster.ts";

// Only paths of programs are read here, and Jest cannot load it.
jest.mock("execa", () => ({}));

let cluster: QueueCluster;
let heartbeat: NodeJS.Timeout;

const lender = { quota: 4, cohort: "gpus" };

/** A namespace whose queue has no devices of its own. */
async function createBorrower(namespace: string, weight: number): Promise<void> {
  const { api, outputs } = cluster;
  const flavor = buildGpuFlavor(outputs.hardware).metadata.name;
  await createQueues(api, { ...outputs, namespace }, { quota: 0, cohort: "gpus", flavor, weight });
}

async function submitJob(namespace: string, index: number): Promise<void> {
  const resources = { limits: { [deviceResource]: "1" } };
  await callSuccessfully(cluster.api, "POST", `/apis/batch/v1/namespaces/${namespace}/jobs`, {
    metadata: { name: `job-${String(index)}`, labels: { "kueue.x-k8s.io/queue-name": "gpu" } },
    spec: {
      suspend: true,
      template: {
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: 0,
          containers: [{ name: "main", image: "none", resources }],
        },
      },
    },
  });
}

async function submitJobs(namespace: string): Promise<void> {
  for (const index of [0, 1, 2, 3]) await submitJob(namespace, index);
}

async function countAdmitted(namespace: string): Promise<number> {
  const { body } = await cluster.api.call("GET", `/apis/batch/v1/namespaces/${namespace}/jobs`);
  const { items } = body as unknown as { items: { spec: { suspend?: boolean } }[] };
  return items.filter(({ spec }) => spec.suspend !== true).length;
}

function waitForShares(heavy: number, light: number): Promise<void> {
  const haveShares = async () =>
    (await countAdmitted("team-heavy")) === heavy && (await countAdmitted("team-light")) === light;
  return waitUntil(`queues have ${String(heavy)} and ${String(light)} devices`, haveShares, 120);
}

beforeAll(async () => {
  cluster = await startQueueCluster(1, 4, { share: lender, sharesFairly: true });
  heartbeat = setInterval(() => void cluster.reportReady(cluster.nodeNames).catch(() => undefined), 8000);
  await createBorrower("team-heavy", 3);
  await createBorrower("team-light", 1);
});

afterAll(async () => {
  clearInterval(heartbeat);
  await cluster?.stop();
});

it("divides four lent devices by the weights 3 and 1, although the light queue had borrowed all of them", async () => {
  await submitJobs("team-light");
  await waitForShares(0, 4);
  await submitJobs("team-heavy");
  await waitForShares(3, 1);
});
