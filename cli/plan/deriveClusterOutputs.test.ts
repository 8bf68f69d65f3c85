import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseFamilyConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { projectDirectories } from "../engine/stackDeclarations.ts";
import { deriveClusterOutputs } from "./deriveClusterOutputs.ts";

const values = {
  family: "viking",
  protocol: "as-published",
  hardware: { gpu: "MI250X", devicesPerNode: 8 },
  cluster: "lab",
};
const config = parseFamilyConfig({ stack: "viking", file: "Pulumi.viking.yaml", values });
const overrides = { images: gpuCluster.images };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mixcpt-clusters-"));
  jest.replaceProperty(projectDirectories, "mixcpt-infra", folder);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe("deriveClusterOutputs", () => {
  it("returns all device settings of the cluster's file, like the cluster itself does once it is up", () => {
    const devices = { gpu: "MI250X", devicesPerNode: 8, deviceId: "7408", deviceGroups: [44, 109] };
    const cluster = {
      kind: "existing",
      kubeconfigFile: "/k",
      nodes: 6,
      devices,
      store: { kind: "path", path: "/lustre" },
    };
    writeFileSync(join(folder, "Pulumi.lab.yaml"), JSON.stringify({ config: { "mixcpt-infra:cluster": cluster } }));
    expect(deriveClusterOutputs(config, overrides).hardware).toEqual({ ...devices, emulated: false, nodes: 6 });
  });

  it("assumes four nodes with the stack's hardware if no file declares the cluster", () => {
    expect(deriveClusterOutputs(config, overrides).hardware).toEqual({
      gpu: "MI250X",
      devicesPerNode: 8,
      emulated: false,
      nodes: 4,
    });
  });

  it("uses the given number of nodes", () => {
    expect(deriveClusterOutputs(config, { ...overrides, nodes: 12 }).hardware.nodes).toBe(12);
  });
});
