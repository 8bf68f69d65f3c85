/**
 * The reader of `watch` and `explain` against a real API server with the kinds of Kueue, JobSet and Trainer. No
 * controller runs: the test writes what Kueue, the scheduler and the kubelet would.
 */
import { jobSetLabel, replicatedJobLabel } from "../../cli/kubernetes/objectKinds.ts";
import { partOfLabel } from "../../jobs/kube/objectLabels.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { startApiServer } from "../support/apiServer.ts";
import type { ControllerKind } from "../support/controllerKinds.ts";
import { installControllerKinds } from "../support/controllerKinds.ts";
import type { PrintedSnapshot } from "../support/printedSnapshot.ts";
import { readPrintedSnapshot } from "../support/printedSnapshot.ts";
import { waitUntil } from "../support/processes.ts";

let api: ApiServer;

const run = "tiny-mono-alt-0a1b2c3d";
const podName = `${run}-node-0-0-abcde`;
const workloadName = `pod-${podName}-1a2b3`;
const pods = "/api/v1/namespaces/mixcpt/pods";
const kueue = "/apis/kueue.x-k8s.io/v1beta2";
const workloads = `${kueue}/namespaces/mixcpt/workloads`;
const flavor = "mixcpt-mi250x";
const podTemplate = {
  containers: [
    { name: "node", image: "i", resources: { requests: { "amd.com/gpu": "8" }, limits: { "amd.com/gpu": "8" } } },
  ],
};

const wantedKinds = [
  "workloads.kueue.x-k8s.io",
  "clusterqueues.kueue.x-k8s.io",
  "trainjobs.trainer.kubeflow.org",
  "jobsets.jobset.x-k8s.io",
];

async function call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await api.call(method, path, body);
  if (response.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(response.body)}`);
  return response.body;
}

function waitUntilServed(path: string, status = 200): Promise<void> {
  return waitUntil(
    `${path} answers ${String(status)}`,
    async () => (await api.call("GET", path)).status === status,
    120,
  );
}

/** Waits until a user may list a kind: the API server learns of a new role after a moment. */
function waitUntilAllowed(user: string, kind: { readonly group: string; readonly resource: string }): Promise<void> {
  const spec = { user, resourceAttributes: { namespace: "mixcpt", verb: "list", ...kind } };
  return waitUntil(`${user} may list ${kind.resource}`, async () => {
    const { status } = await call("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", { spec });
    return (status as { allowed: boolean }).allowed;
  });
}

function buildCondition(type: string, status: string, [reason, message]: readonly [string, string]) {
  return { type, status, reason, message, lastTransitionTime: new Date().toISOString() };
}

/** Reads the namespace as a user would whose kubeconfig has these fields beside the administrator's. */
function readAs(user: object = {}): PrintedSnapshot {
  return readPrintedSnapshot(api.kubeconfig, { run, user });
}

async function createRun(): Promise<void> {
  const labels = { [partOfLabel]: "mixcpt" };
  await call("POST", "/apis/trainer.kubeflow.org/v1alpha1/namespaces/mixcpt/trainjobs", {
    apiVersion: "trainer.kubeflow.org/v1alpha1",
    kind: "TrainJob",
    metadata: { name: run, labels },
    spec: { runtimeRef: { name: "llama-factory" } },
  });
  const pod = await call("POST", pods, {
    metadata: { name: podName, labels: { [jobSetLabel]: run, [replicatedJobLabel]: "node" } },
    spec: {
      ...podTemplate,
      schedulingGates: [{ name: "kueue.x-k8s.io/admission" }],
      volumes: [{ name: "store", persistentVolumeClaim: { claimName: "store" } }],
    },
  });
  const { uid } = pod["metadata"] as { uid: string };
  await call("POST", workloads, {
    apiVersion: "kueue.x-k8s.io/v1beta2",
    kind: "Workload",
    metadata: { name: workloadName, ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: podName, uid }] },
    spec: { queueName: "gpu", podSets: [{ name: "main", count: 1, template: { spec: podTemplate } }] },
  });
}

async function createClaimAndQueue(): Promise<void> {
  await call("POST", "/api/v1/namespaces/mixcpt/persistentvolumeclaims", {
    metadata: { name: "store" },
    spec: { accessModes: ["ReadWriteMany"], storageClassName: "lustre", resources: { requests: { storage: "1Gi" } } },
  });
  const resources = [{ name: "amd.com/gpu", nominalQuota: "16" }];
  await call("POST", `${kueue}/clusterqueues`, {
    apiVersion: "kueue.x-k8s.io/v1beta2",
    kind: "ClusterQueue",
    metadata: { name: "mixcpt-gpu" },
    spec: { resourceGroups: [{ coveredResources: ["amd.com/gpu"], flavors: [{ name: flavor, resources }] }] },
  });
  await call("PATCH", `${kueue}/clusterqueues/mixcpt-gpu/status`, {
    status: { flavorsReservation: [{ name: flavor, resources: [{ name: "amd.com/gpu", total: "8" }] }] },
  });
}

async function writePendingQuota(): Promise<void> {
  const message =
    "couldn't assign flavors to pod set main: " +
    `insufficient unused quota for amd.com/gpu in flavor ${flavor}, 8 more needed`;
  const conditions = [buildCondition("QuotaReserved", "False", ["Pending", message])];
  await call("PATCH", `${workloads}/${workloadName}/status`, { status: { conditions } });
}

beforeAll(async () => {
  api = await startApiServer();
  await call("POST", "/api/v1/namespaces", { metadata: { name: "mixcpt" } });
  await installControllerKinds(api, new RegExp(`^(${wantedKinds.join("|")})$`));
  await createRun();
  await createClaimAndQueue();
});

afterAll(async () => {
  await api?.stop();
});

describe("a training on a real API server", () => {
  it("waits for quota, as its Workload and its queue say", async () => {
    await writePendingQuota();
    const { reason, snapshot, error } = readAs();
    expect(error).toBeUndefined();
    expect(reason).toMatchObject({
      summary: "waits for quota: 8 of 16 amd.com/gpu in use",
      source: "Kueue",
      object: { kind: "Workload", name: workloadName },
    });
    expect(snapshot?.unread).toEqual([]);
  });

  it("has no reason for a user who may not read Workloads, and the snapshot names what is missing", async () => {
    const rules = [
      { apiGroups: ["", "batch"], resources: ["pods", "pods/log", "jobs"], verbs: ["list", "get"] },
      { apiGroups: ["trainer.kubeflow.org", "jobset.x-k8s.io"], resources: ["*"], verbs: ["list"] },
    ];
    const rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/mixcpt";
    await call("POST", `${rbac}/roles`, { metadata: { name: "reader" }, rules });
    await call("POST", `${rbac}/rolebindings`, {
      metadata: { name: "reader" },
      subjects: [{ kind: "User", name: "jane", apiGroup: "rbac.authorization.k8s.io" }],
      roleRef: { kind: "Role", name: "reader", apiGroup: "rbac.authorization.k8s.io" },
    });
    await waitUntilAllowed("jane", { group: "trainer.kubeflow.org", resource: "trainjobs" });
    const { snapshot, reason } = readAs({ as: "jane" });
    expect(snapshot?.pods).toHaveLength(1);
    expect(reason).toBeNull();
    expect(snapshot?.unread).toEqual(
      expect.arrayContaining(
        ["workloads.kueue.x-k8s.io", "events", "persistentvolumeclaims"].map((resource) => ({
          resource,
          cause: "not allowed",
        })),
      ),
    );
  });

  it("is refused to a user without any right, and with a wrong token", () => {
    expect(readAs({ as: "eve" }).error).toMatch(
      /^cluster "lab" denied access: .*User "eve" cannot list resource .*; ask its administrator/,
    );
    expect(readAs({ token: "expired" }).error).toMatch(
      /^cluster "lab" refused the credentials \(401 Unauthorized\); renew them: \.\/mixcpt cluster up lab/,
    );
  });

  it("waits for its image once Kueue has let it go, as the newest event says", async () => {
    await call("PATCH", `${workloads}/${workloadName}/status`, {
      status: { conditions: [buildCondition("QuotaReserved", "True", ["QuotaReserved", "reserved"])] },
    });
    await call("PATCH", `${pods}/${podName}`, { spec: { schedulingGates: null } });
    await call("POST", `${pods}/${podName}/binding`, {
      metadata: { name: podName },
      target: { kind: "Node", name: "lumi-3" },
    });
    const waiting = { reason: "ImagePullBackOff", message: 'Back-off pulling image "i"' };
    const container = { name: "node", image: "i", imageID: "", ready: false, restartCount: 0, state: { waiting } };
    await call("POST", "/api/v1/nodes", { metadata: { name: "lumi-3" } });
    await call("PATCH", "/api/v1/nodes/lumi-3/status", {
      status: { conditions: [buildCondition("Ready", "True", ["KubeletReady", "ready"])] },
    });
    await call("PATCH", `${pods}/${podName}/status`, { status: { containerStatuses: [container] } });
    await call("POST", "/api/v1/namespaces/mixcpt/events", {
      metadata: { name: `${podName}.1` },
      involvedObject: { kind: "Pod", name: podName, namespace: "mixcpt" },
      type: "Warning",
      reason: "Failed",
      message: 'Failed to pull image "i": unexpected status: 403 Forbidden',
      lastTimestamp: new Date().toISOString(),
    });
    expect(readAs().reason).toMatchObject({ summary: "image not pulled: the registry refuses access" });
  });

  it("waits for a lost node", async () => {
    await call("PATCH", "/api/v1/nodes/lumi-3/status", {
      status: { conditions: [buildCondition("Ready", "Unknown", ["NodeStatusUnknown", "Kubelet stopped posting"])] },
    });
    expect(readAs().reason).toMatchObject({ summary: "node lumi-3 lost", message: "Kubelet stopped posting" });
  });

  it("is read from an older Kueue, which has only its first version", async () => {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${wantedKinds[0] ?? ""}`;
    const { spec } = (await call("GET", path)) as unknown as ControllerKind;
    const versions = spec.versions.map((version) => ({ ...version, served: version.name === "v1beta1" }));
    await call("PATCH", path, { spec: { versions } });
    await waitUntilServed(workloads, 404);
    const { snapshot } = readAs();
    expect(snapshot?.workloads.map(({ metadata }) => metadata?.name)).toEqual([workloadName]);
    expect(snapshot?.unread).toEqual([]);
  });

  it("is read without Kueue, with a notice", async () => {
    await call("DELETE", `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${wantedKinds[0] ?? ""}`, {});
    await waitUntilServed("/apis/kueue.x-k8s.io/v1beta1/workloads", 404);
    expect(readAs().snapshot?.unread).toEqual([{ resource: wantedKinds[0], cause: "not installed" }]);
  });
});
