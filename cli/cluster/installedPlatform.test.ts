import { startFakeApiServer } from "../../plugins/kubernetes/fakeApiServer.fixture.ts";
import { readInstalledPlatform } from "./installedPlatform.ts";

const crdPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

function buildPodOwner(...images: string[]) {
  return { spec: { template: { spec: { containers: images.map((image) => ({ image })) } } } };
}

/** Reads the platform from an HTTP server with these answers by path; a number is a status, other paths are missing. */
async function readFrom(answers: Record<string, object | number>) {
  const server = await startFakeApiServer((path) => {
    const answer = answers[path] ?? 404;
    return typeof answer === "number"
      ? { status: answer, body: { message: "refused" } }
      : { status: 200, body: answer };
  });
  return readInstalledPlatform(server.connect()).finally(() => server.stop());
}

describe("the platform that a cluster has", () => {
  it("is read from its version, kinds, controllers and nodes", async () => {
    const versions = [
      { name: "v1beta1", served: false, schema: {} },
      { name: "v1beta2", served: true, schema: { openAPIV3Schema: { type: "object" } } },
    ];
    const labels = { "amd.com/gpu.device-id": "74a1" };
    const cordon = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
    const node = (name: string, capacity: object, nodeLabels: object = {}) => ({
      metadata: { name, labels: nodeLabels },
      spec: {},
      status: { capacity, allocatable: capacity },
    });
    const four = { "amd.com/gpu": "4" };
    const conditions = [{ type: "Ready", status: "Unknown" }];
    const read = { labels: {}, taints: [], devices: 4, state: "ready", allocatable: four };
    expect(
      await readFrom({
        "/version": { gitVersion: "v1.36.3" },
        [`${crdPath}/clusterqueues.kueue.x-k8s.io`]: { spec: { versions } },
        "/apis/apps/v1/deployments": { items: [buildPodOwner("kueue:v0.18.3", "proxy:v1")] },
        "/apis/apps/v1/daemonsets": { items: [buildPodOwner("rocm/k8s-device-plugin:1.31.0.10")] },
        "/api/v1/nodes": {
          items: [
            node("gpu-1", { "amd.com/gpu": "8" }, labels),
            node("gpu-2", { cpu: "8" }, { "amd.com/gpu.device-id.74a1": "8" }),
            { ...node("gpu-3", { "amd.com/gpu": "4" }), spec: { unschedulable: true, taints: [cordon] } },
            { ...node("gpu-4", {}), status: { capacity: four, allocatable: four, conditions } },
            node("login-1", { cpu: "8" }),
          ],
        },
      }),
    ).toEqual({
      kubernetes: "v1.36.3",
      kinds: {
        "clusterqueues.kueue.x-k8s.io": [{ name: "v1beta2", schema: '{"openAPIV3Schema":{"type":"object"}}' }],
        "jobsets.jobset.x-k8s.io": [],
        "trainjobs.trainer.kubeflow.org": [],
      },
      images: ["kueue:v0.18.3", "proxy:v1", "rocm/k8s-device-plugin:1.31.0.10"],
      gpuNodes: [
        { ...read, name: "gpu-1", labels, devices: 8, allocatable: { "amd.com/gpu": "8" } },
        {
          ...read,
          name: "gpu-2",
          labels: { "amd.com/gpu.device-id.74a1": "8" },
          devices: 0,
          allocatable: { cpu: "8" },
        },
        { ...read, name: "gpu-3", taints: [cordon], state: "cordoned" },
        { ...read, name: "gpu-4", state: "not ready" },
      ],
    });
  });

  it("is unknown where the user may not read", async () => {
    const paths = ["clusterqueues.kueue.x-k8s.io", "jobsets.jobset.x-k8s.io", "trainjobs.trainer.kubeflow.org"];
    const groups = paths.map((kind) => `/apis/${kind.replace(/^\w+\./, "")}`);
    const kinds = paths.map((kind) => `${crdPath}/${kind}`);
    const forbidden = [...kinds, ...groups, "/apis/apps/v1/deployments", "/api/v1/nodes"];
    expect(await readFrom(Object.fromEntries(forbidden.map((path) => [path, 403])))).toEqual({
      kubernetes: undefined,
      kinds: Object.fromEntries(paths.map((kind) => [kind, undefined])),
      images: undefined,
      gpuNodes: undefined,
    });
  });

  it("is discovered where the user may not read the definitions of kinds", async () => {
    const kind = "trainjobs.trainer.kubeflow.org";
    const { kinds } = await readFrom({
      [`${crdPath}/${kind}`]: 403,
      "/apis/trainer.kubeflow.org": { versions: [{ version: "v1alpha1" }, { version: "v2" }] },
      "/apis/trainer.kubeflow.org/v1alpha1": { resources: [{ name: "trainjobs" }] },
      "/apis/trainer.kubeflow.org/v2": { resources: [{ name: "others" }] },
      "/openapi/v3/apis/trainer.kubeflow.org/v1alpha1": { components: { schemas: { runtimePatches: {} } } },
    });
    expect(kinds[kind]).toEqual([{ name: "v1alpha1", schema: expect.stringContaining('"runtimePatches"') as string }]);
  });

  it("cannot be read with refused credentials", async () => {
    await expect(readFrom({ "/version": 401 })).rejects.toThrow("refused");
  });
});
