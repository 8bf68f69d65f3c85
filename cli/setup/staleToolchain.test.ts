import { buildExistingClusterConfig } from "../../infra/existingCluster.fixture.ts";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import type { NodeSoftware, Toolchain } from "../../workspace/toolchain.ts";
import { describeToolchain, refuseStaleToolchain } from "./toolchainRecord.ts";

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

/** What `setup demo` records, on a machine where a full set-up has run since. */
function recordDemoToolchain(): Toolchain {
  const { nodes, ...client } = describeToolchain();
  const { ciliumManifests, endpointImages, ...always } = nodes ?? ({} as NodeSoftware);
  expect([ciliumManifests, endpointImages]).toEqual([expect.anything(), expect.anything()]);
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

  it("of a client is refused for a cluster that needs the software of nodes, with that reason", () => {
    for (const config of [parseLocal({}), parseExisting({ images: undefined })])
      expect(() => refuseStaleToolchain(client, config)).toThrow(/has no software for nodes, .*run \.\/mixcpt setup$/);
  });

  it("is accepted if it lacks what the cluster does not use, which another checkout has built since", () => {
    const recorded = recordDemoToolchain();
    expect(() => refuseStaleToolchain(recorded, parseLocal({}))).not.toThrow();
    const cilium = parseLocal({ podNetwork: { kind: "cilium" } });
    expect(() => refuseStaleToolchain(recorded, cilium)).toThrow("built by another commit");
  });

  it("is accepted if the cluster has its controllers and its file names the images", () => {
    expect(() => refuseStaleToolchain(old, parseExisting({ controllers: "installed" }))).not.toThrow();
  });
});
