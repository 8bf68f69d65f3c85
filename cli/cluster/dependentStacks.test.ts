import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDirectories } from "../engine/stackDeclarations.ts";
import { buildProviderRecord, buildRunRecord } from "../engine/recordedRuns.fixture.ts";
import { listStacksWithState, readStackResources } from "../engine/stackState.ts";
import { resolveKubeconfigPath } from "../kubernetes/kubeconfigFile.ts";
import { isOnOtherCluster, listExperimentsStacks, listPlatformStacks } from "./dependentStacks.ts";

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

describe("the experiments stacks on a cluster", () => {
  const [onLab, onSite] = [buildProviderRecord("lab"), buildProviderRecord("site")];
  const [labRun, siteRun] = [onLab, onSite].map((on) => buildRunRecord("TrainJob", "t1", { on }));

  function mockState(...resources: ReturnType<typeof readStackResources>): void {
    jest.mocked(listStacksWithState).mockReturnValue(["mini"]);
    jest.mocked(readStackResources).mockReturnValue(resources);
  }

  it("are those whose state is there, whatever cluster their files name by now", () => {
    mockState(onLab, labRun as typeof onLab); // mini has no file, which counts as cluster dev
    expect([listExperimentsStacks("lab"), listExperimentsStacks("dev")]).toEqual([["mini"], []]);
  });

  it("are those whose file names it if their state has no objects", () => {
    mockState(onLab);
    expect([listExperimentsStacks("lab"), listExperimentsStacks("dev")]).toEqual([[], ["mini"]]);
  });

  it("may be on two clusters after an interrupted move", () => {
    mockState(onLab, onSite, labRun as typeof onLab, siteRun as typeof onLab);
    expect([listExperimentsStacks("lab"), listExperimentsStacks("site")]).toEqual([["mini"], ["mini"]]);
    expect(isOnOtherCluster("mini", "lab")).toBe(true);
    mockState(onLab, labRun as typeof onLab);
    expect(isOnOtherCluster("mini", "lab")).toBe(false);
  });
});
