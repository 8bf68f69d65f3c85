import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import { runPush } from "./runPush.ts";

/** What was started, each with the passphrase that it inherits. */
const started: string[] = [];
// function declarations, because jest hoists its mocks above everything else
function start(name: string): () => Promise<object> {
  return () => Promise.resolve({ name: started.push(`${name} ${env["COSIGN_PASSWORD"] ?? "nothing"}`) });
}
jest.mock("execa", () => ({ execa: jest.fn() }));
jest.mock("../cluster/readClusterConfig.ts", () => ({ readClusterConfig: jest.fn() }));
jest.mock("../setup/runSetup.ts", () => ({ runSetup: start("setup") }));
jest.mock("./buildImages.ts", () => ({ buildImages: start("build") }));
jest.mock("./pushImages.ts", () => ({ pushImages: start("push") }));
jest.mock("./publishImages.ts", () => ({ publishImages: start("publish") }));
jest.mock("../setup/workImageRefs.ts", () => ({ readImageRefs: () => ({}) }));
jest.mock("../terminal/printLine.ts", () => ({ printLine: () => undefined }));
jest.mock("./signingPrograms.ts", () => ({
  runSigningProgram: (_program: string, _args: string[], context: { env: { COSIGN_PASSWORD: string } }) => {
    started.push(`cosign with ${context.env.COSIGN_PASSWORD}, inherits ${env["COSIGN_PASSWORD"] ?? "nothing"}`);
    return Promise.resolve({ hasSucceeded: true, output: "", complaint: "" });
  },
}));

const flags = { target: "cpu", registry: "registry.example/m", sbom: true } as const;
let folder: string;
beforeEach(() => {
  started.length = 0;
  folder = mkdtempSync(join(tmpdir(), "push-"));
  writeFileSync(join(folder, "cosign.key"), "encrypted");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  delete env["COSIGN_PASSWORD"];
});

it("gives the passphrase of a key to cosign alone, not to what provides and builds programs and images", async () => {
  env["COSIGN_PASSWORD"] = "swordfish";
  await runPush({ ...flags, sign: join(folder, "cosign.key") });
  expect(started).toEqual([
    "setup nothing",
    "cosign with swordfish, inherits nothing",
    "build nothing",
    "push nothing",
    "publish nothing",
  ]);
});

it("refuses a cluster whose file may name no images before anything is built", async () => {
  const local = { kind: "local", hosts: 1, emulated: { gpu: "MI250X", devicesPerNode: 2 } };
  jest.mocked(readClusterConfig).mockReturnValue(parseClusterConfig(local, "f"));
  await expect(runPush({ ...flags, cluster: "dev" })).rejects.toThrow(
    "infra/Pulumi.dev.yaml: a cluster of kind local runs the images that setup built",
  );
  expect(started).toEqual([]);
});
