import { parseClusterConfig } from "../clusterConfig.ts";
import { buildMachine } from "../machines.fixture.ts";
import type { PodNetwork } from "./podNetworkConfig.ts";
import { formatPodRange } from "./podNetworkConfig.ts";

const digest = `sha256:${"a".repeat(64)}`;
const hosts = {
  kind: "hosts",
  machines: [buildMachine(1), buildMachine(2)],
  privateKeyFile: "/k",
  devices: { gpu: "MI250X", devicesPerNode: 8 },
  store: { kind: "path", path: "/lustre/mixcpt" },
  images: { data: `r/data@${digest}`, llamaFactory: `r/train@${digest}`, evaluate: `r/evaluate@${digest}` },
};
const local = { kind: "local", hosts: 2, emulated: { gpu: "MI250X", devicesPerNode: 2 } };

function readPodNetwork(config: object, podNetwork?: object): PodNetwork {
  const parsed = parseClusterConfig({ ...config, ...(podNetwork && { podNetwork }) }, "f");
  return (parsed as unknown as { podNetwork: PodNetwork }).podNetwork;
}

/** The problems of a file without their common beginning. */
function listProblems(config: object): string[] {
  try {
    parseClusterConfig(config, "f");
  } catch (error) {
    const [, ...lines] = (error as Error).message.split("\n");
    return lines.map((line) => line.replace("  mixcpt-infra:cluster.", ""));
  }
  return [];
}

describe("the network between pods", () => {
  it("is Cilium on machines of a rack, and the bridge on local hosts, unless the file chooses", () => {
    const ranges = { pods: "10.244.0.0/16", services: "10.96.0.0/16" };
    expect(readPodNetwork(hosts)).toEqual({ kind: "cilium", ...ranges });
    expect(readPodNetwork(local)).toEqual({ kind: "routes", ...ranges });
    expect(readPodNetwork(hosts, { kind: "routes" })).toEqual({ kind: "routes", ...ranges });
    expect(readPodNetwork(local, { kind: "cilium", pods: "100.64.0.0/18" })).toEqual({
      kind: "cilium",
      ...ranges,
      pods: "100.64.0.0/18",
    });
  });

  it.each(["10.244.0.0", "10.244.0.1/16", "8.8.0.0/16", "10.244.0.0/24", "172.32.0.0/16", "10.256.0.0/16", 10])(
    "refuses %s as the range of pods, and tells what is allowed",
    (pods) => {
      expect(listProblems({ ...hosts, podNetwork: { pods } })).toEqual([
        expect.stringMatching(
          /^podNetwork\.pods = .*: must be a private range of \/8 to \/22 that begins with its first address, such as/,
        ),
      ]);
    },
  );

  it("refuses ranges that share addresses with each other, machines or local hosts, all at once", () => {
    const podNetwork = { pods: "10.0.0.0/16", services: "10.0.128.0/17" };
    expect(listProblems({ ...hosts, podNetwork })).toEqual([
      'podNetwork.services = "10.0.128.0/17": overlaps podNetwork.pods, 10.0.0.0/16; ' +
        "choose ranges without a common address",
      'machines[0].address = "10.0.0.1": is in the range of the pods, 10.0.0.0/16; choose another podNetwork.pods',
      'machines[1].address = "10.0.0.2": is in the range of the pods, 10.0.0.0/16; choose another podNetwork.pods',
    ]);
    expect(listProblems({ ...hosts, endpoint: { heldBy: "kube-vip", address: "10.96.3.4" } })).toEqual([
      'endpoint.address = "10.96.3.4": is in the range of the services, 10.96.0.0/16; ' +
        "choose another podNetwork.services",
    ]);
    expect(listProblems({ ...local, network: "10.96.0.0/16" })).toEqual([
      'network = "10.96.0.0/16": is in the range of the services, 10.96.0.0/16; choose another podNetwork.services',
    ]);
  });

  it("needs room for every machine, and a /16 for routes, whose nodes have numbers", () => {
    const machines = Array.from({ length: 5 }, (_, index) => buildMachine(index + 1));
    const pods = "192.168.4.0/22";
    expect(listProblems({ ...hosts, machines: machines.slice(1), podNetwork: { pods } })).toEqual([]);
    expect(listProblems({ ...hosts, machines, podNetwork: { pods } })).toEqual([
      `podNetwork.pods = "${pods}": has room for 4 machines, a /24 each, and there are 5; choose a larger range`,
    ]);
    expect(listProblems({ ...hosts, podNetwork: { kind: "routes", pods } })).toEqual([
      expect.stringContaining("must be a /16 with kind: routes, whose nodes get a.b.NUMBER.0/24"),
    ]);
  });

  it("gives every node with routes a separate range inside the cluster's", () => {
    const ranges = Array.from({ length: 250 }, (_, index) => formatPodRange(index + 1, "10.244.0.0/16"));
    expect(new Set(ranges).size).toBe(250);
    expect([ranges[0], ranges[249]]).toEqual(["10.244.1.0/24", "10.244.250.0/24"]);
  });
});
