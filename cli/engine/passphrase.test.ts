import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type * as NodeFs from "node:fs";
import { resolve } from "node:path";
import { stateDirectory } from "../../workspace/environment.ts";
import { buildPulumiEnvironment } from "./backend.ts";

jest.mock("node:fs", () => {
  const fs = jest.requireActual<typeof NodeFs>("node:fs");
  return { ...fs, existsSync: jest.fn(fs.existsSync) };
});
jest.mock("../../workspace/environment.ts", () => {
  const { mkdtempSync } = jest.requireActual<typeof NodeFs>("node:fs");
  const environment = jest.requireActual<object>("../../workspace/environment.ts");
  return { ...environment, stateDirectory: mkdtempSync("/tmp/mixcpt-passphrase-") };
});
jest.mock("./engineHome.ts", () => ({ prepareEngineHome: () => "/home/ada/engine" }));
jest.mock("./pluginSources.ts", () => ({ listPluginFolders: () => [] }));

const file = resolve(stateDirectory, "passphrase");

beforeEach(() => {
  jest.replaceProperty(process, "env", { PATH: "/usr/bin" });
  rmSync(file, { force: true });
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => rmSync(stateDirectory, { recursive: true }));

function readPassphrase(): string | undefined {
  return buildPulumiEnvironment({ programs: [] })["PULUMI_CONFIG_PASSPHRASE"];
}

describe("the passphrase of a checkout", () => {
  it("is that of the command that creates it first, if two begin at the same moment", () => {
    jest.mocked(existsSync).mockImplementationOnce(() => {
      writeFileSync(file, "of the other command");
      return false;
    });
    expect(readPassphrase()).toBe("of the other command");
    expect(readFileSync(file, "utf8")).toBe("of the other command");
  });

  it("is created once, for its owner alone, and nothing stays beside it", () => {
    const created = readPassphrase();
    expect(created).toHaveLength(32);
    expect(readPassphrase()).toBe(created);
    expect(readdirSync(stateDirectory).sort()).toEqual(["passphrase", "pulumi"]);
  });
});
