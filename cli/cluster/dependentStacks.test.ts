import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDirectories } from "../engine/stackDeclarations.ts";
import { resolveKubeconfigPath } from "./readClusterConfig.ts";
import { listPlatformStacks } from "./dependentStacks.ts";
import { listStacksWithState } from "../engine/stackState.ts";

jest.mock("../engine/stackState.ts");

const folder = mkdtempSync(join(tmpdir(), "mixcpt-platforms-"));
beforeEach(() => jest.replaceProperty(projectDirectories, "mixcpt-infra", folder));
afterEach(() => jest.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true }));

function declareExistingCluster(stack: string, on: string): void {
  writeFileSync(
    join(folder, `Pulumi.${stack}.yaml`),
    [
      "config:",
      "  mixcpt-infra:cluster:",
      "    kind: existing",
      `    kubeconfigFile: ${resolveKubeconfigPath(on)}`,
      "    nodes: 2",
      "    devices: { gpu: MI250X, devicesPerNode: 8 }",
      "    store: { kind: storageClass, name: lustre, size: 50Ti }",
    ].join("\n"),
  );
}

describe("the platforms on a cluster's machines", () => {
  it("are the stacks with a state whose file names the cluster's kubeconfig", () => {
    declareExistingCluster("here", "lab");
    declareExistingCluster("elsewhere", "dev");
    declareExistingCluster("never-up", "lab");
    jest.mocked(listStacksWithState).mockReturnValue(["here", "elsewhere"]);
    expect(listPlatformStacks("lab")).toEqual(["here"]);
  });

  it("do not include a state that was left over when its file was removed", () => {
    declareExistingCluster("here", "lab");
    jest.mocked(listStacksWithState).mockReturnValue(["gone", "here"]);
    expect(listPlatformStacks("lab")).toEqual(["here"]);
  });
});
