import { parseClusterConfig } from "./clusterConfig.ts";
import { getClusterHardware, getDataJobShare } from "./clusterHardware.ts";
import { buildMachine } from "./machines.fixture.ts";

const devices = { gpu: "MI250X", devicesPerNode: 8, deviceId: "7408", deviceGroups: [44, 109] };
const store = { kind: "path", path: "/lustre/mixcpt" };
const image = `registry.example/image@sha256:${"a".repeat(64)}`;
const images = { data: image, llamaFactory: image, evaluate: image };

function parseHardware(cluster: object) {
  return getClusterHardware(parseClusterConfig(cluster, "infra/Pulumi.lab.yaml"));
}

describe("the hardware of a cluster", () => {
  it("consists of emulated devices on every local host", () => {
    expect(parseHardware({ kind: "local", hosts: 3, emulated: { gpu: "MI250X", devicesPerNode: 2 } })).toEqual({
      gpu: "MI250X",
      devicesPerNode: 2,
      emulated: true,
      nodes: 3,
    });
  });

  it("contains every device setting of configured hosts, and the hosts that have them", () => {
    const cluster = {
      kind: "hosts",
      machines: [{ ...buildMachine(3), devices: "none" }, buildMachine(1), buildMachine(2)],
      privateKeyFile: "/k",
      devices,
      store,
      images,
    };
    expect(parseHardware(cluster)).toEqual({ ...devices, emulated: false, nodes: 2 });
  });

  it.each([true, false])("contains every device setting of an existing cluster (emulated: %p)", (emulated) => {
    const cluster = {
      kind: "existing",
      kubeconfigFile: "/k",
      nodes: 4,
      devices: { ...devices, emulated },
      store,
      images,
    };
    expect(parseHardware(cluster)).toEqual({ ...devices, emulated, nodes: 4 });
  });

  it("has the network of Slingshot's preset, unless the file describes another one", () => {
    const cluster = { kind: "existing", kubeconfigFile: "/k", nodes: 4, devices, store, images };
    const parseNetwork = (fields: object) => parseHardware({ ...cluster, ...fields }).network;
    const slingshot = { podSecurity: "privileged", training: { preset: "slingshot", hostNetwork: true } };
    expect(parseNetwork(slingshot)).toEqual({ preset: "slingshot-4x200g" });
    expect(parseNetwork({ ...slingshot, network: { inNodeGBs: 50 } })).toEqual({
      preset: "slingshot-4x200g",
      inNodeGBs: 50,
    });
    expect(parseNetwork({ ...slingshot, network: { preset: "roce-100g" } })).toEqual({ preset: "roce-100g" });
    expect(parseNetwork({ training: { preset: "roce" } })).toBeUndefined();
  });

  it("is emulated if the cluster's file lists the nodes that emulate it", () => {
    const emulated = ["node-1"];
    const cluster = {
      kind: "existing",
      kubeconfigFile: "/k",
      nodes: 1,
      devices: { ...devices, emulated },
      store,
      images,
    };
    expect(parseHardware(cluster)).toEqual({ ...devices, emulated: true, nodes: 1 });
  });
});

describe("the share of data jobs", () => {
  it("has room for one job of the configured size", () => {
    const cluster = { kind: "local", hosts: 1, emulated: { gpu: "MI250X", devicesPerNode: 2 } };
    const parseShare = (data: object) => getDataJobShare(parseClusterConfig({ ...cluster, data }, "f"));
    expect(parseShare({})).toEqual({ cores: 2, memoryGiB: 4 });
    expect(parseShare({ cpus: 8, memoryGiB: 3 })).toEqual({ cores: 8, memoryGiB: 4 });
  });
});
