import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkoutDirectory } from "../workspace/environment.ts";
import { parseClusterConfig } from "./clusterConfig.ts";
import { buildMachine } from "./machines.fixture.ts";

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

const hostsConfig = {
  kind: "hosts",
  machines: [buildMachine(1), buildMachine(2)],
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
  it("accepts each of the three kinds", () => {
    expect(parseClusterConfig(local, "f")).toMatchObject({ ...local, platform: "here", network: "10.89.0.0/16" });
    expect(parseClusterConfig(hostsConfig, "f")).toMatchObject({
      machines: [{ user: "root", port: 22 }, { number: 2 }],
    });
    expect(parseClusterConfig(existing, "f")).toMatchObject({ devices: { emulated: false }, controllers: "published" });
  });

  it("lists every problem at once, with file, path, value and what is allowed", () => {
    const message = readParseError({ ...local, hosts: 0, emulated: { gpu: "MI210X", devicesPerNode: "2" }, host: 1 });
    expect(message.split("\n")).toEqual([
      "infra/Pulumi.lab.yaml cannot be used:",
      "  mixcpt-infra:cluster.hosts = 0: must be at least 1",
      '  mixcpt-infra:cluster.emulated.gpu = "MI210X": not a supported GPU; ' +
        "allowed: MI210, MI250, MI250X, MI300A, MI300X, MI325X, MI350X, MI355X",
      '  mixcpt-infra:cluster.emulated.devicesPerNode = "2": must be a number',
      "  mixcpt-infra:cluster.host = 1: unknown key; allowed: kind, platform, hosts, network, podNetwork, emulated, training, " +
        'evaluation, data, podSecurity, pods, networkPolicy, access, monitoring, preflight; did you mean "hosts"?',
    ]);
  });

  it.each(["10.89.3.0/24", "10.300.0.0/16", "172.15.0.0/16", "192.169.0.0/16"])(
    "refuses %s as the network of local hosts",
    (network) => {
      expect(readParseError({ ...local, network })).toContain(
        `cluster.network = "${network}": must be a private /16 such as 172.31.0.0/16`,
      );
    },
  );

  it.each(["10.0.0.0/16", "10.255.0.0/16", "172.31.0.0/16", "192.168.0.0/16"])(
    "accepts %s as the network of local hosts",
    (network) => {
      expect(parseClusterConfig({ ...local, network }, "f")).toMatchObject({ network });
    },
  );

  it("refuses images with tags, because only a digest identifies what will run", () => {
    const byTag = {
      rocm: { ...rocm, devicePlugin: "docker.io/rocm/k8s-device-plugin:latest" },
      images: { ...images, data: "r/data:1" },
    };
    for (const cluster of [hostsConfig, existing]) {
      expect(readParseError({ ...cluster, rocm })).toBe("accepted");
      expect(readParseError({ ...cluster, ...byTag })).toContain(
        'mixcpt-infra:cluster.rocm.devicePlugin = "docker.io/rocm/k8s-device-plugin:latest": ' +
          "must be an image with a digest: name@sha256:…",
      );
      expect(readParseError({ ...cluster, ...byTag })).toContain(
        'mixcpt-infra:cluster.images.data = "r/data:1": must be an image with a digest: name@sha256:…',
      );
    }
  });

  it("accepts vLLM's settings of serving in their ranges, except for local hosts", () => {
    const serving = { maxNumSeqs: 256, gpuMemoryUtilization: 0.85, enforceEager: false };
    for (const cluster of [hostsConfig, existing]) expect(readParseError({ ...cluster, serving })).toBe("accepted");
    expect(readParseError({ ...existing, serving: { maxNumSeqs: 0, gpuMemoryUtilization: 1.5 } })).toMatch(
      /serving.maxNumSeqs = 0: .*\n.*serving.gpuMemoryUtilization = 1.5: must be above 0 and at most 1/,
    );
    expect(readParseError({ kind: "local", hosts: 1, emulated: devices, serving })).toContain("serving");
  });

  it("accepts images that setup built for an existing cluster alone", () => {
    const built = { ...images, data: "mixcpt.local/data:0123456789ab" };
    expect(readParseError({ ...existing, images: built })).toBe("accepted");
    expect(readParseError({ ...hostsConfig, images: built })).toContain("must be an image with a digest");
    expect(readParseError({ ...existing, images: { ...images, data: "mixcpt.local/data:latest" } })).toContain(
      "or one that setup built: mixcpt.local/NAME:HASH",
    );
  });

  it("accepts a list of nodes that report emulated devices, if nodes counts them", () => {
    const emulate = (emulated: unknown, nodes = 2) =>
      readParseError({ ...existing, nodes, devices: { ...devices, emulated } });
    expect(emulate(["node-1", "node-2.lab.example"])).toBe("accepted");
    expect(emulate(["node-1", "node-1"])).toContain(
      'devices.emulated[1] = "node-1": "node-1" is already in the list; remove the duplicate',
    );
    expect(emulate(["node-1"])).toContain("cluster.nodes = 2: must be 1, the number of nodes in devices.emulated");
    for (const emulated of ["yes", []])
      expect(emulate(emulated)).toContain("must be true, false or a list of node names");
    expect(emulate(["Node 1"], 1)).toContain('emulated[0] = "Node 1": must be the name of a node');
  });

  it("requires the images of the work for hosts, which get none from setup, but not for an existing cluster", () => {
    expect(readParseError({ ...hostsConfig, images: undefined })).toContain("mixcpt-infra:cluster.images");
    expect(readParseError({ ...existing, images: undefined })).toBe("accepted");
  });

  it("selects the GPU nodes of an existing cluster by the label of AMD's operator unless another is configured", () => {
    const labels = { "amd.example/gpu": "yes" };
    expect(parseClusterConfig({ ...existing, rocm }, "f")).toMatchObject({
      rocm: { nodeLabels: { "feature.node.kubernetes.io/amd-gpu": "true" } },
    });
    expect(parseClusterConfig({ ...existing, rocm: { ...rocm, nodeLabels: labels } }, "f")).toMatchObject({
      rocm: { nodeLabels: labels },
    });
    expect(readParseError({ ...hostsConfig, rocm: { ...rocm, nodeLabels: labels } })).toContain("nodeLabels");
  });

  it("accepts three origins of the controllers", () => {
    for (const controllers of ["published", "built", "installed"])
      expect(readParseError({ ...existing, controllers })).toBe("accepted");
    expect(readParseError({ ...existing, controllers: "none" })).toContain("mixcpt-infra:cluster.controllers");
  });

  it("is described in Pulumi's file with all its kinds", () => {
    const [, kinds = ""] = /allowed: (.*)/.exec(readParseError({})) ?? [];
    expect(kinds).toContain("tenant");
    const described = readFileSync(resolve(checkoutDirectory, "infra/Pulumi.yaml"), "utf8");
    expect(described).toContain(`{kind: ${kinds.replaceAll(", ", " | ")}, …}`);
  });

  it("lists the kinds if the kind is missing or misspelled", () => {
    expect(readParseError({})).toContain("mixcpt-infra:cluster.kind: missing; allowed: local, hosts, existing, tenant");
    expect(readParseError({ ...existing, kind: "exisiting" })).toContain(
      'mixcpt-infra:cluster.kind = "exisiting": not a valid value; ' +
        'allowed: local, hosts, existing, tenant; did you mean "existing"?',
    );
    expect(readParseError(undefined)).toContain("mixcpt-infra:cluster: missing; must be a map");
  });

  it("accepts a PCI device id only in the form of the node label", () => {
    const devices = { gpu: "MI250X", devicesPerNode: 8 };
    expect(readParseError({ ...existing, devices: { ...devices, deviceId: "7408" } })).toBe("accepted");
    for (const deviceId of ["0x7408", "740C", "7408 ", "MI250X"])
      expect(readParseError({ ...existing, devices: { ...devices, deviceId } })).toContain(
        `deviceId = "${deviceId}": must be a PCI device id of four lower-case hexadecimal digits, in quotes, ` +
          'such as "7408"',
      );
    expect(readParseError({ ...existing, devices: { ...devices, deviceId: 7408, deviceGroups: ["render"] } })).toMatch(
      /deviceId = 7408: must be a PCI device id .*\n.*deviceGroups\[0\] = "render": must be the number of a group/,
    );
  });

  it("lists the keys of a machine for an unknown one", () => {
    const machines = [{ ...buildMachine(1), jumpHost: "login.example" }];
    expect(readParseError({ ...hostsConfig, machines })).toContain(
      'mixcpt-infra:cluster.machines[0].jumpHost = "login.example": unknown key; ' +
        "allowed: name, number, address, role, devices, user, port, hostKey",
    );
  });

  it("counts the parts of partitioned cards", () => {
    const cards = { gpu: "MI300X", devicesPerNode: 64 };
    expect(readParseError({ ...existing, devices: { ...cards, partition: "CPX" } })).toBe("accepted");
    expect(readParseError({ ...existing, devices: cards })).toContain(
      "mixcpt-infra:cluster.devices.devicesPerNode = 64: must be at most 8, the devices of 8 MI300X; " +
        "if the cards are partitioned, set partition to their mode",
    );
  });

  it("refuses a store that Kubernetes would refuse, or that is the root of the nodes", () => {
    const parseStore = (store: object) => readParseError({ ...existing, store });
    for (const path of ["/lustre", "/lustre/..a/", "//lustre"])
      expect(parseStore({ kind: "path", path })).toBe("accepted");
    for (const path of ["/", "//", "lustre", "/lustre/../mixcpt", "/.."])
      expect(parseStore({ kind: "path", path })).toContain(
        `mixcpt-infra:cluster.store.path = "${path}": must be the absolute path of a folder below /, without ..`,
      );
    expect(parseStore({ kind: "storageClass", name: "Lustre FS", size: "50Ti" })).toContain(
      'mixcpt-infra:cluster.store.name = "Lustre FS": must be the name of a StorageClass',
    );
  });

  it("gives an example of a size", () => {
    expect(readParseError({ ...existing, store: { kind: "storageClass", name: "lustre", size: "50TB" } })).toContain(
      'mixcpt-infra:cluster.store.size = "50TB": must be a size such as 50Ti',
    );
  });
});
