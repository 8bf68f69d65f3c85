import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { directories } from "../engine/declared.ts";
import { kubeconfigFile } from "./declared.ts";
import { platformsOn } from "./platforms.ts";
import { statedStacks } from "./state.ts";

jest.mock("./state.ts");

const folder = mkdtempSync(join(tmpdir(), "mixcpt-platforms-"));
beforeEach(() => jest.replaceProperty(directories, "mixcpt-infra", folder));
afterEach(() => jest.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true }));

const declare = (stack: string, on: string): void =>
  writeFileSync(join(folder, `Pulumi.${stack}.yaml`), [
    "config:",
    "  mixcpt-infra:cluster:",
    "    kind: existing",
    `    kubeconfigFile: ${kubeconfigFile(on)}`,
    "    nodes: 2",
    "    devices: { gpu: MI250X, devicesPerNode: 8 }",
    "    store: { kind: storageClass, name: lustre, size: 50Ti }",
  ].join("\n"));

describe("the platforms on a cluster's machines", () => {
  it("are the stacks with a state whose file names the cluster's kubeconfig", () => {
    declare("here", "lab");
    declare("elsewhere", "dev");
    declare("never-up", "lab");
    jest.mocked(statedStacks).mockReturnValue(["here", "elsewhere"]);
    expect(platformsOn("lab")).toEqual(["here"]);
  });

  it("do not include a state that was left over when its file was removed", () => {
    declare("here", "lab");
    jest.mocked(statedStacks).mockReturnValue(["gone", "here"]);
    expect(platformsOn("lab")).toEqual(["here"]);
  });
});
