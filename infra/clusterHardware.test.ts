import { parseClusterConfig } from "./clusterConfig.ts";
import { getClusterHardware } from "./clusterHardware.ts";

const devices = { gpu: "MI250X", devicesPerNode: 8, deviceId: "7408", deviceGroups: [44, 109] };
const store = { kind: "path", path: "/lustre/mixcpt" };
const image = `registry.example/image@sha256:${"a".repeat(64)}`;
const images = { data: image, llamaFactory: image, evaluate: image };

function buildLabMachine(number: number) {
  return { name: `gpu-${String(number)}`, number, address: `10.0.0.${String(number)}`, hostKey: "ssh-ed25519 AAAA" };
}

function parseHardware(cluster: object) {
  return getClusterHardware(parseClusterConfig(cluster, "infra/Pulumi.lab.yaml"));
}

describe("the hardware of a cluster", () => {
  it("is, of local hosts, emulated devices on each of them", () => {
    expect(parseHardware({ kind: "local", hosts: 3, emulated: { gpu: "MI250X", devicesPerNode: 2 } })).toEqual({
      gpu: "MI250X",
      devicesPerNode: 2,
      emulated: true,
      nodes: 3,
    });
  });

  it("is, of machines, all that is said of their devices", () => {
    const cluster = {
      kind: "hosts",
      machines: [buildLabMachine(1), buildLabMachine(2)],
      privateKeyFile: "/k",
      devices,
      store,
      images,
    };
    expect(parseHardware(cluster)).toEqual({ ...devices, emulated: false, nodes: 2 });
  });

  it.each([true, false])(
    "is, of a cluster that is there, all that is said of its devices (emulated: %p)",
    (emulated) => {
      const cluster = {
        kind: "existing",
        kubeconfigFile: "/k",
        nodes: 4,
        devices: { ...devices, emulated },
        store,
        images,
      };
      expect(parseHardware(cluster)).toEqual({ ...devices, emulated, nodes: 4 });
    },
  );
});
