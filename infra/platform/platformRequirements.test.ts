import type { InstalledPlatform } from "./platformRequirements.ts";
import { listPlatformProblems, listTenantNotes } from "./platformRequirements.ts";

const devices = { gpu: "MI300X", devicesPerNode: 8, emulated: false } as const;
const installed = { controllers: "installed", devices } as const;

const kinds = {
  "clusterqueues.kueue.x-k8s.io": [
    { name: "v1beta1", schema: "{}" },
    { name: "v1beta2", schema: "{}" },
  ],
  "jobsets.jobset.x-k8s.io": [{ name: "v1alpha2", schema: '{"dependsOn":{}}' }],
  "trainjobs.trainer.kubeflow.org": [{ name: "v1alpha1", schema: '{"runtimePatches":{}}' }],
};

const current: InstalledPlatform = {
  kubernetes: "v1.36.3",
  kinds,
  images: [
    "registry.k8s.io/kueue/kueue:v0.18.3",
    "registry.example:5000/mirror/jobset:v0.12.0@sha256:00",
    "ghcr.io/kubeflow/trainer/trainer-controller-manager:v2.3.0",
    "docker.io/rocm/k8s-device-plugin:1.31.0.10",
  ],
  gpuNodes: [],
};

const noKinds = { ...kinds, "clusterqueues.kueue.x-k8s.io": [], "jobsets.jobset.x-k8s.io": [] };

function listProblems(
  changes: Partial<InstalledPlatform>,
  use: Partial<Parameters<typeof listPlatformProblems>[1]> = {},
) {
  return listPlatformProblems({ ...current, ...changes }, { config: installed, ownsControllers: false, ...use });
}

describe("the platform of an existing cluster", () => {
  it("is accepted if every part is new enough", () => {
    expect(listProblems({})).toEqual([]);
  });

  it("is reported with all parts that are too old, the found and the needed version and advice", () => {
    const old: Partial<InstalledPlatform> = {
      kubernetes: "v1.27.4+k3s1",
      kinds: {
        "clusterqueues.kueue.x-k8s.io": [{ name: "v1beta1", schema: "{}" }],
        "jobsets.jobset.x-k8s.io": [{ name: "v1alpha2", schema: '{"dependsOn":{}}' }],
        "trainjobs.trainer.kubeflow.org": [{ name: "v1alpha1", schema: '{"podTemplateOverrides":{}}' }],
      },
      images: ["registry.k8s.io/kueue/kueue:v0.10.1", "registry.k8s.io/jobset/jobset:v0.8.1"],
    };
    const advice = "upgrade it, or remove all controllers and set controllers: published";
    expect(listProblems(old)).toEqual([
      "Kubernetes: found v1.27.4+k3s1; must be at least 1.32; upgrade the cluster",
      "Kueue: found 0.10, which serves v1beta1; must be at least 0.15 and serve kueue.x-k8s.io/v1beta2; " +
        "upgrade it (in AMD's cluster-forge the version of its kueue), or let an administrator make a LocalQueue and " +
        "a claim and set kind: tenant, whose runs need no object of that version",
      `JobSet: found 0.8, which serves v1alpha2; must be at least 0.9 and serve jobset.x-k8s.io/v1alpha2; ${advice}`,
      "Kubeflow Trainer: found an unknown version, which serves v1alpha1 without runtimePatches; " +
        `must be at least 2.2 and serve trainer.kubeflow.org/v1alpha1; ${advice}`,
    ]);
  });

  it("is accepted with newer versions than any that is tested, as long as they serve the API", () => {
    const images = ["kueue/kueue:v1.4.0", "jobset/jobset:v2.0.1", "trainer/trainer-controller-manager:v3.0.0"];
    expect(listProblems({ kubernetes: "v2.0.0", images })).toEqual([]);
    const next = { "clusterqueues.kueue.x-k8s.io": [{ name: "v1", schema: "{}" }] };
    expect(listProblems({ images, kinds: { ...kinds, ...next } })).toEqual([
      "Kueue: found 1.4, which serves v1; must be at least 0.15 and serve kueue.x-k8s.io/v1beta2; " +
        "it is newer than this project knows: install an older one, or use a newer commit of this project",
    ]);
  });

  it("must have the controllers that its file says are installed", () => {
    expect(listProblems({ kinds: noKinds })).toEqual([
      expect.stringMatching(
        /^Kueue: not installed; must be at least 0\.15 .*or set controllers: published if no controller is there$/,
      ),
      expect.stringMatching(/^JobSet: not installed; must be at least 0\.9 /),
    ]);
  });

  it("must not have controllers of somebody else if the stack installs its own", () => {
    const config = { ...installed, controllers: "published" } as const;
    expect(listProblems({ kinds: noKinds }, { config })).toEqual([
      "Kubeflow Trainer: 2.3 is installed and not by this stack, which would replace it; " +
        "set controllers: installed, or remove it",
    ]);
    expect(listProblems({}, { config, ownsControllers: true })).toEqual([]);
  });

  it("must not leave pods to the scheduler alone", () => {
    expect(listProblems({ queuesPods: false })).toEqual([expect.stringMatching(/^Kueue: the integration pod is off/)]);
  });

  it("counts partitions only with a device plugin that knows them", () => {
    const config = { ...installed, devices: { ...devices, partition: "CPX", devicesPerNode: 64 } } as const;
    const images = ["rocm/k8s-device-plugin:latest", "docker.io/rocm/k8s-device-plugin:1.25.2.8"];
    expect(listProblems({ images }, { config })).toEqual([
      expect.stringMatching(/^AMD's device plugin: found 1\.25; must be at least 1\.31 /),
    ]);
    expect(listProblems({ images })).toEqual([]);
  });

  it("is a tenant's with an older API of Kueue, whose administrator upgrades the rest", () => {
    const old = {
      "clusterqueues.kueue.x-k8s.io": [{ name: "v1beta1", schema: "{}" }],
      "jobsets.jobset.x-k8s.io": kinds["jobsets.jobset.x-k8s.io"],
      "trainjobs.trainer.kubeflow.org": [],
    };
    expect(listProblems({ kinds: old }, { isTenant: true })).toEqual([
      "Kubeflow Trainer: not installed; must be at least 2.2 and serve trainer.kubeflow.org/v1alpha1; " +
        "ask the cluster's administrator for it",
    ]);
    expect(listTenantNotes({ ...current, kinds: old, gpuNodes: undefined }, {})).toEqual([
      expect.stringMatching(/^work has no priority/),
      expect.stringMatching(/^the user may not read nodes/),
      expect.stringMatching(/^Kueue serves v1beta1 alone/),
    ]);
    expect(listTenantNotes(current, { priorityClasses: "mixcpt" })).toEqual([]);
  });

  it("is accepted where the user may not read it", () => {
    const unreadable = { kubernetes: undefined, kinds: {}, images: undefined, gpuNodes: undefined };
    expect(listProblems(unreadable)).toEqual([]);
  });
});
