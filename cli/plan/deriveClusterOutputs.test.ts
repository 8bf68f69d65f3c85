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
const given = { images: gpuCluster.images };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mixcpt-clusters-"));
  jest.replaceProperty(projectDirectories, "mixcpt-infra", folder);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe("the cluster that a plan and a rendered stack expect", () => {
  it("has all that its file says of its devices, as the experiments are told when it is up", () => {
    const devices = { gpu: "MI250X", devicesPerNode: 8, deviceId: "7408", deviceGroups: [44, 109] };
    const cluster = {
      kind: "existing",
      kubeconfigFile: "/k",
      nodes: 6,
      devices,
      store: { kind: "path", path: "/lustre" },
    };
    writeFileSync(join(folder, "Pulumi.lab.yaml"), JSON.stringify({ config: { "mixcpt-infra:cluster": cluster } }));
    expect(deriveClusterOutputs(config, given).hardware).toEqual({ ...devices, emulated: false, nodes: 6 });
  });

  it("is four nodes like the stack's where no file declares it", () => {
    expect(deriveClusterOutputs(config, given).hardware).toEqual({
      gpu: "MI250X",
      devicesPerNode: 8,
      emulated: false,
      nodes: 4,
    });
  });

  it("has as many nodes as are asked about", () => {
    expect(deriveClusterOutputs(config, { ...given, nodes: 12 }).hardware.nodes).toBe(12);
  });
});
