import { buildExistingClusterConfig } from "../../infra/existingCluster.fixture.ts";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { buildMachine } from "../../infra/machines.fixture.ts";
import type { NodeSoftware, Toolchain } from "../../workspace/toolchain.ts";
import { refuseIncompleteToolchain } from "./neededSoftware.ts";
import { describeToolchain, isCurrentRecord, refuseStaleToolchain } from "./toolchainRecord.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));
jest.mock("./setupTask.ts", () => ({ ...jest.requireActual<object>("./setupTask.ts"), isTaskComplete: () => true }));

const oldManifests = { kueue: "/old/kueue.json", jobset: "/old/jobset.json", trainer: "/old/trainer.json" };
const client: Toolchain = { programs: [], manifests: oldManifests };
const old: Toolchain = { ...client, nodes: { images: { data: "data:old" } } as NodeSoftware };

function parseExisting(settings: object) {
  return parseClusterConfig({ ...buildExistingClusterConfig("kubeconfig"), ...settings }, "infra/Pulumi.lab.yaml");
}

function parseLocal(settings: object) {
  const emulated = { gpu: "MI250X", devicesPerNode: 2 };
  return parseClusterConfig({ kind: "local", hosts: 1, emulated, ...settings }, "infra/Pulumi.dev.yaml");
}

function parseHosts() {
  const machines = [1, 2, 3].map((number) => ({ ...buildMachine(number), role: "control-plane" }));
  const endpoint = { heldBy: "kube-vip", address: "10.0.0.100" };
  const image = `registry.example/image@sha256:${"a".repeat(64)}`;
  const config = {
    kind: "hosts",
    machines,
    endpoint,
    devices: { gpu: "MI250X", devicesPerNode: 8 },
    store: { kind: "path", path: "/lustre" },
    images: { data: image, llamaFactory: image, evaluate: image },
    rocm: { devicePlugin: image, nodeLabeller: image },
  };
  return parseClusterConfig(config, "infra/Pulumi.rack.yaml");
}

/** What `setup demo` records, on a machine where a full set-up has run since. */
function recordDemoToolchain(): Toolchain {
  const { nodes, ...client } = describeToolchain();
  const { ciliumManifests, ciliumImages, endpointImages, ...always } = nodes ?? ({} as NodeSoftware);
  for (const path of [ciliumManifests, ciliumImages, endpointImages]) expect(path).toBeDefined();
  return { ...client, nodes: always };
}

describe("a toolchain that another commit built", () => {
  it("is refused if it would install other controllers", () => {
    expect(() => refuseStaleToolchain(old, parseExisting({}))).toThrow(/built by another commit.*run \.\/mixcpt setup/);
  });

  it("is refused if its images would be those of the cluster", () => {
    const config = parseExisting({ controllers: "installed", images: undefined });
    expect(() => refuseStaleToolchain(old, config)).toThrow("built by another commit");
  });

  it("is refused with the smallest set-up that is enough for the cluster", () => {
    const emulated = parseLocal({});
    const commands = [parseExisting({}), emulated, parseLocal({ podNetwork: { kind: "cilium" } })].map((config) => {
      try {
        refuseStaleToolchain(old, config);
      } catch (error) {
        return /run (.*) again$/.exec((error as Error).message)?.[1];
      }
      return "accepted";
    });
    expect(commands).toEqual(["./mixcpt setup client", "./mixcpt setup demo", "./mixcpt setup cilium"]);
  });

  it("is accepted if it lacks what the cluster does not use, which another checkout has built since", () => {
    const recorded = recordDemoToolchain();
    expect(() => refuseStaleToolchain(recorded, parseLocal({}))).not.toThrow();
    expect(isCurrentRecord(recorded)).toBe(true);
    expect(isCurrentRecord(old)).toBe(false);
  });

  it("is accepted if the cluster has its controllers and its file names the images", () => {
    expect(() => refuseStaleToolchain(old, parseExisting({ controllers: "installed" }))).not.toThrow();
  });
});

describe("a toolchain that was set up for less than the cluster needs", () => {
  it("is refused with what is missing and the command that provides it", () => {
    const demo = recordDemoToolchain();
    const cases = [
      [client, parseLocal({}), /has no software for nodes, .*run \.\/mixcpt setup demo$/],
      [client, parseExisting({ images: undefined }), /has no software for nodes, .*run \.\/mixcpt setup demo$/],
      [
        demo,
        parseLocal({ podNetwork: { kind: "cilium" } }),
        /no manifests of Cilium and no images of Cilium, .*setup cilium$/,
      ],
      [demo, parseHosts(), /no manifests of Cilium and no image of kube-vip, .*run \.\/mixcpt setup$/],
    ] as const;
    for (const [recorded, config, message] of cases)
      expect(() => refuseIncompleteToolchain(recorded, config)).toThrow(message);
  });

  it("is accepted for what it was set up for", () => {
    expect(() => refuseIncompleteToolchain(client, parseExisting({}))).not.toThrow();
    expect(() => refuseIncompleteToolchain(recordDemoToolchain(), parseLocal({}))).not.toThrow();
    expect(() => refuseIncompleteToolchain(describeToolchain(), parseHosts())).not.toThrow();
  });
});
