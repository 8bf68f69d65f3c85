import { parseClusterConfig } from "./clusterConfig.ts";

const local = { kind: "local", hosts: 2, emulated: { gpu: "MI250X", devicesPerNode: 2 } };
const digest = `sha256:${"a".repeat(64)}`;
const existing = {
  kind: "existing",
  kubeconfigFile: "/home/me/.kube/config",
  nodes: 4,
  devices: { gpu: "MI250X", devicesPerNode: 8 },
  store: { kind: "path", path: "/lustre/mixcpt" },
  images: { data: `r/data@${digest}`, llamaFactory: `r/train@${digest}`, evaluate: `r/evaluate@${digest}` },
};
const { devices, store, images } = existing;

function buildMachineEntry(number: number) {
  return { name: `gpu-${String(number)}`, number, address: `10.0.0.${String(number)}`, hostKey: "ssh-ed25519 AAAA" };
}

const hostsConfig = {
  kind: "hosts",
  machines: [buildMachineEntry(1), buildMachineEntry(2)],
  privateKeyFile: "/k",
  devices,
  store,
  images,
};
const rocm = { devicePlugin: `p@${digest}`, nodeLabeller: `n@${digest}` };

function readParseError(value: unknown): string {
  try {
    parseClusterConfig(value, "infra/Pulumi.lab.yaml");
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
}

describe("the configuration of a cluster", () => {
  it("accepts each of the three ways to one", () => {
    expect(parseClusterConfig(local, "f")).toEqual({ ...local, platform: "here" });
    expect(parseClusterConfig(hostsConfig, "f")).toMatchObject({
      machines: [{ user: "root", port: 22 }, { number: 2 }],
    });
    expect(parseClusterConfig(existing, "f")).toMatchObject({ devices: { emulated: false }, controllers: "published" });
  });

  it("names the file, every wrong path and what is allowed, all at once", () => {
    const message = readParseError({ ...local, hosts: 0, emulated: { gpu: "MI210X", devicesPerNode: "2" }, host: 1 });
    expect(message.split("\n")).toEqual([
      "infra/Pulumi.lab.yaml cannot be used:",
      "  mixcpt-infra:cluster.hosts = 0: must be at least 1",
      '  mixcpt-infra:cluster.emulated.gpu = "MI210X": not a supported GPU; allowed: MI250X, MI300X',
      '  mixcpt-infra:cluster.emulated.devicesPerNode = "2": must be a number',
      '  mixcpt-infra:cluster.host = 1: unknown key; allowed: kind, platform, hosts, emulated; did you mean "hosts"?',
    ]);
  });

  it("refuses images by tag: only a digest says what will run", () => {
    const byTag = {
      rocm: { ...rocm, devicePlugin: "docker.io/rocm/k8s-device-plugin:latest" },
      images: { ...images, data: "r/data:1" },
    };
    for (const cluster of [hostsConfig, existing]) {
      expect(readParseError({ ...cluster, rocm })).toBe("accepted");
      expect(readParseError({ ...cluster, ...byTag })).toContain(
        'mixcpt-infra:cluster.rocm.devicePlugin = "docker.io/rocm/k8s-device-plugin:latest": an image by digest: name@sha256:…',
      );
      expect(readParseError({ ...cluster, ...byTag })).toContain(
        'mixcpt-infra:cluster.images.data = "r/data:1": an image by digest: name@sha256:…',
      );
    }
  });

  it("wants the images of the work for machines, which get none from set-up, and not for a cluster that may hold them", () => {
    expect(readParseError({ ...hostsConfig, images: undefined })).toContain("mixcpt-infra:cluster.images");
    expect(readParseError({ ...existing, images: undefined })).toBe("accepted");
  });

  it("finds the nodes of an existing cluster that have devices by the label of AMD's operator, or by another", () => {
    const labels = { "amd.example/gpu": "yes" };
    expect(parseClusterConfig({ ...existing, rocm }, "f")).toMatchObject({
      rocm: { nodeLabels: { "feature.node.kubernetes.io/amd-gpu": "true" } },
    });
    expect(parseClusterConfig({ ...existing, rocm: { ...rocm, nodeLabels: labels } }, "f")).toMatchObject({
      rocm: { nodeLabels: labels },
    });
    expect(readParseError({ ...hostsConfig, rocm: { ...rocm, nodeLabels: labels } })).toContain("nodeLabels");
  });

  it("knows three origins of the controllers", () => {
    for (const controllers of ["published", "built", "installed"])
      expect(readParseError({ ...existing, controllers })).toBe("accepted");
    expect(readParseError({ ...existing, controllers: "none" })).toContain("mixcpt-infra:cluster.controllers");
  });

  it("says what kinds there are where the kind is missing", () => {
    expect(readParseError({})).toContain("mixcpt-infra:cluster.kind: missing; allowed: local, hosts, existing");
    expect(readParseError({ ...existing, kind: "exisiting" })).toContain(
      'mixcpt-infra:cluster.kind = "exisiting": not a valid value; allowed: local, hosts, existing; did you mean "existing"?',
    );
    expect(readParseError(undefined)).toContain("mixcpt-infra:cluster: missing; must be a map");
  });

  it("shows what a size is", () => {
    expect(readParseError({ ...existing, store: { kind: "storageClass", name: "lustre", size: "50TB" } })).toContain(
      'mixcpt-infra:cluster.store.size = "50TB": this must be a size, like 50Ti',
    );
  });
});
