import { parseCluster } from "./config.ts";

const local = { kind: "local", hosts: 2, emulated: { gpu: "MI250X", devicesPerNode: 2 } };
const digest = `sha256:${"a".repeat(64)}`;
const existing = {
  kind: "existing",
  kubeconfigFile: "/home/me/.kube/config",
  nodes: 4,
  devices: { gpu: "MI250X", devicesPerNode: 8 },
  store: { kind: "path", path: "/lustre/mixcpt" },
  images: { data: "r/data:1", llamaFactory: "r/train:1", evaluate: "r/evaluate:1" },
};

const messageOf = (value: unknown): string => {
  try {
    parseCluster(value, "infra/Pulumi.lab.yaml");
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
};

describe("the configuration of a cluster", () => {
  it("accepts each of the three ways to one", () => {
    const machine = { name: "gpu-1", address: "10.0.0.5", hostKey: "ssh-ed25519 AAAA" };
    const { devices, store, images } = existing;
    const rack = { kind: "hosts", machines: [machine], privateKeyFile: "/k", devices, store, images };
    expect(parseCluster(local, "f")).toEqual({ ...local, platform: "here" });
    expect(parseCluster(rack, "f")).toMatchObject({ machines: [{ user: "root", port: 22 }] });
    expect(parseCluster(existing, "f")).toMatchObject({ devices: { emulated: false }, controllers: "published" });
  });

  it("names the file, every wrong path and what is allowed, all at once", () => {
    const message = messageOf({ ...local, hosts: 0, emulated: { gpu: "MI999", devicesPerNode: 2 }, disk: 1 });
    expect(message).toContain("infra/Pulumi.lab.yaml");
    expect(message).toContain("mixcpt-infra:cluster.hosts");
    expect(message).toContain("mixcpt-infra:cluster.emulated.gpu");
    expect(message).toContain('"MI250X"|"MI300X"');
    expect(message).toContain("disk");
  });

  it("refuses AMD's images by tag: only a digest says what will run", () => {
    const rocm = { devicePlugin: "docker.io/rocm/k8s-device-plugin:latest", nodeLabeller: `n@${digest}` };
    expect(messageOf({ ...existing, rocm })).toContain("rocm.devicePlugin: an image by digest");
    expect(messageOf({ ...existing, rocm: { devicePlugin: `p@${digest}`, nodeLabeller: `n@${digest}` } })).toBe("accepted");
  });

  it("knows three origins of the controllers", () => {
    for (const controllers of ["published", "built", "installed"]) expect(messageOf({ ...existing, controllers })).toBe("accepted");
    expect(messageOf({ ...existing, controllers: "none" })).toContain("mixcpt-infra:cluster.controllers");
  });

  it("says what kinds there are where the kind is missing", () => {
    expect(messageOf({})).toContain("mixcpt-infra:cluster.kind");
  });
});
