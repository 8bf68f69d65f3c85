import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDirectories } from "../engine/stackDeclarations.ts";
import { listStacksWithState } from "../engine/stackState.ts";
import { resolveKubeconfigPath } from "../kubernetes/kubeconfigFile.ts";
import { listPlatformStacks } from "./dependentStacks.ts";

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

describe("the platform stacks on a cluster's machines", () => {
  it("are those with a state whose stack file names the cluster's kubeconfig", () => {
    declareExistingCluster("here", "lab");
    declareExistingCluster("elsewhere", "dev");
    declareExistingCluster("never-up", "lab");
    jest.mocked(listStacksWithState).mockReturnValue(["here", "elsewhere"]);
    expect(listPlatformStacks("lab")).toEqual(["here"]);
  });

  it("do not include one whose stack file was deleted but whose state remains", () => {
    declareExistingCluster("here", "lab");
    jest.mocked(listStacksWithState).mockReturnValue(["deleted", "here"]);
    expect(listPlatformStacks("lab")).toEqual(["here"]);
  });
});
