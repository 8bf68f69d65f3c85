import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPluginSource, listPluginFolders } from "./pluginSources.ts";

const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as { dependencies: Record<string, string> };
const pinned = dependencies["@pulumi/kubernetes"] ?? "";
const major = Number(pinned.split(".")[0]);

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "mixcpt-plugins-"));
  jest.replaceProperty(process, "env", { PULUMI_HOME: home, PATH: "/nowhere" });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(home, { recursive: true });
});

/** Installs a plugin as `pulumi plugin install` does, and returns its folder. */
function installPlugin(name: string, version: string): string {
  const folder = join(home, "plugins", `resource-${name}-v${version}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `pulumi-resource-${name}`), "");
  writeFileSync(`${folder}.lock`, "");
  return folder;
}

describe("the plugin of a provider", () => {
  it("is the stand-in if the vendor's is not installed, with the command that would change it", () => {
    expect(findPluginSource("kubernetes")).toMatchObject({
      kind: "stand-in",
      reason:
        "the vendor's is not installed; the vendor's is used after " +
        `./mixcpt pulumi plugin install resource kubernetes ${pinned}`,
    });
  });

  it("is the vendor's in PULUMI_HOME at the version that package.json pins", () => {
    const folder = installPlugin("kubernetes", pinned);
    expect(findPluginSource("kubernetes")).toEqual({ kind: "vendor", folder, reason: `package.json pins ${pinned}` });
  });

  it("is the newest compatible one of several", () => {
    installPlugin("kubernetes", pinned);
    const newest = installPlugin("kubernetes", `${String(major)}.999.10`);
    installPlugin("kubernetes", `${String(major)}.999.9`);
    installPlugin("kubernetes", `${String(major + 1)}.0.0`);
    expect(findPluginSource("kubernetes")).toMatchObject({ kind: "vendor", folder: newest });
  });

  it.each([`${String(major - 1)}.999.0`, `${String(major)}.0.0`, `${String(major + 1)}.0.0`, `${pinned}-alpha.1`])(
    "is the stand-in beside a vendor's that is not compatible (%s)",
    (version) => {
      installPlugin("kubernetes", version);
      expect(findPluginSource("kubernetes").kind).toBe("stand-in");
    },
  );

  it("is the stand-in beside an incomplete download", () => {
    const folder = installPlugin("kubernetes", pinned);
    writeFileSync(`${folder}.partial`, "");
    expect(findPluginSource("kubernetes").kind).toBe("stand-in");
  });

  it("is the one on PATH, which Pulumi prefers", () => {
    installPlugin("kubernetes", pinned);
    const folder = installPlugin("kubernetes", "1.0.0");
    jest.replaceProperty(process, "env", { PULUMI_HOME: home, PATH: folder });
    expect(findPluginSource("kubernetes")).toMatchObject({
      kind: "vendor",
      folder,
      reason: expect.stringContaining("on PATH") as string,
    });
  });
});

describe("the plugins of several providers", () => {
  it("are chosen one by one, and the vendor's folder precedes the one of the stand-ins", () => {
    const folder = installPlugin("kubernetes", pinned);
    expect(listPluginFolders()).toEqual([folder, expect.stringMatching(/plugins\/bin$/)]);
  });

  it("are in one folder if both are stand-ins", () => {
    expect(listPluginFolders()).toEqual([expect.stringMatching(/plugins\/bin$/)]);
  });
});
