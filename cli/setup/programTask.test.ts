import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { env } from "node:process";
import { readPinnedVersion, resolveProgramsFolder } from "./goPrograms.ts";
import type { GoSetName } from "./goPrograms.ts";
import { defineProgramTask } from "./programTask.ts";
import { parsePrintedVersion } from "./programsOnPath.ts";
import type { ProgramWay } from "./programWays.ts";
import { chooseProgramWays, describeProgramOrigins, readProgramOrigin } from "./programWays.ts";
import { downloadLimits } from "./release/download.ts";
import type { ReleaseFile } from "./release/releaseTable.ts";
import { releaseFiles } from "./release/releaseTable.ts";
import type { VendorServer } from "./release/vendorServer.fixture.ts";
import { hashContent, startVendorServer } from "./release/vendorServer.fixture.ts";
import type { CommandRunner } from "./setupTask.ts";
import { isTaskComplete, resolveTaskPath } from "./setupTask.ts";

jest.mock("execa", () => ({ execa: (program: string) => Promise.resolve({ stdout: readFileSync(program, "utf8") }) }));

type ReleasedSet = keyof typeof releaseFiles;
const releasedSets = Object.keys(releaseFiles) as ReleasedSet[];
let server: VendorServer;
let folder: string;
const commands: string[] = [];
const printLine = jest.fn();

beforeEach(async () => {
  Object.assign(downloadLimits, { pauseMilliseconds: 1 });
  folder = mkdtempSync(join(tmpdir(), "programs-"));
  env["XDG_CACHE_HOME"] = join(folder, "cache");
  server = await startVendorServer();
  commands.length = 0;
  printLine.mockClear();
});
afterEach(async () => {
  delete env["XDG_CACHE_HOME"];
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Unpacks archives and only records what would compile or copy images. */
const runFake: CommandRunner = (program, args) => {
  if (program === "tar") execFileSync(program, args);
  else commands.push([program, ...args].join(" "));
  return Promise.resolve("");
};

function packArchive(members: readonly string[]): Buffer {
  const content = mkdtempSync(join(folder, "archive-"));
  for (const member of members) {
    mkdirSync(dirname(join(content, member)), { recursive: true });
    writeFileSync(join(content, member), `program ${basename(member)}`);
  }
  return execFileSync("tar", ["-cz", "-C", content, "."]);
}

function listFiles(set: ReleasedSet): readonly ReleaseFile[] {
  return releaseFiles[set](readPinnedVersion(set));
}

/** Publishes a set's release as its vendor does. */
function publishRelease(set: ReleasedSet): void {
  for (const { url, checksumUrl, members } of listFiles(set)) {
    const content = members === undefined ? `program ${basename(url)}` : packArchive(members);
    server.files.set(url.slice("https://".length), content);
    server.files.set(checksumUrl.slice("https://".length), `${hashContent(content)}  ${basename(url)}\n`);
  }
}

async function runTask(set: GoSetName, way: ProgramWay): Promise<void> {
  const task = defineProgramTask(set, new Map([[set, way]]));
  mkdirSync(resolveTaskPath(task), { recursive: true });
  await task.build(resolveTaskPath(task), runFake, { printLine, countBytes: jest.fn() });
}

describe("programs from official releases", () => {
  it.each(releasedSets)("are downloaded, verified and unpacked: %s", async (set) => {
    publishRelease(set);
    await runTask(set, { kind: "release" });
    const programs = listFiles(set).flatMap(({ url, program, members = [program ?? url] }) =>
      members.map((member) => basename(member)),
    );
    expect(readdirSync(resolveProgramsFolder(set)).sort()).toEqual([...programs].sort());
    for (const program of programs) {
      expect(readFileSync(join(resolveProgramsFolder(set), program), "utf8")).toContain(`program ${program}`);
      expect(statSync(join(resolveProgramsFolder(set), program)).mode & 0o111).toBe(0o111);
    }
    expect(readProgramOrigin(set)).toEqual({ way: "release", detail: "" });
    expect(commands).toEqual([]);
  });

  it.each([
    ["have the wrong SHA-256", (path: string) => server.files.set(path, "another program"), "has the SHA-256"],
    ["are missing", (path: string) => server.files.delete(path), "HTTP status 404"],
    [
      "break off",
      (path: string) =>
        server.files.set(path, (response) => {
          response.writeHead(200, { "content-length": 1000 });
          response.write("prog");
          setTimeout(() => response.destroy(), 20);
        }),
      "terminated|closed|aborted",
    ],
  ])("that %s are built from source, and both setup and doctor say why", async (_, spoil, reason) => {
    publishRelease("coredns");
    spoil(listFiles("coredns")[0]?.url.slice("https://".length) ?? "");
    await runTask("coredns", { kind: "release" });
    expect(printLine).toHaveBeenCalledWith(
      expect.stringMatching(new RegExp(`!  coredns v[^]*coredns_[^]*(${reason})[^]*; building it from source$`)),
    );
    expect(commands).toEqual([expect.stringMatching(/^go build .* \.$/)]);
    expect(describeProgramOrigins(["coredns"])).toEqual([
      expect.stringMatching(new RegExp(`^built from source: coredns v\\S+ \\([^]*(${reason})`)),
    ]);
    expect(existsSync(resolveProgramsFolder("coredns"))).toBe(false);
  });

  it("of controllers are the images that their projects publish", async () => {
    await runTask("kueue", { kind: "release" });
    const registry = server.address.replace("http:", "docker:");
    expect(commands).toEqual([
      expect.stringMatching(
        `^skopeo copy .*--src-tls-verify=false ${registry}/registry.k8s.io/kueue/kueue:v\\S+ ` +
          "oci:\\S+/image:mixcpt.local/kueue:v\\S+$",
      ),
    ]);
  });
});

describe("a program on PATH", () => {
  const originalPath = env["PATH"];
  afterEach(() => {
    env["PATH"] = originalPath;
  });

  function installOnPath(program: string, version: string): string {
    const path = join(folder, program);
    writeFileSync(path, `Client Version: ${version}`, { mode: 0o755 });
    env["PATH"] = `${folder}:${originalPath ?? ""}`;
    return path;
  }

  it("is used if it is new enough", async () => {
    const path = installOnPath("kubectl", "v1.99.0");
    const way = (await chooseProgramWays(["kubectl"], printLine)).get("kubectl");
    expect(way).toEqual({ kind: "path", program: { path, version: "v1.99.0" } });
    if (way !== undefined) await runTask("kubectl", way);
    expect(describeProgramOrigins(["kubectl"])).toEqual([`from PATH: kubectl v1.99.0 (${path})`]);
    expect(server.requests).toEqual([]);
  });

  it("is not complete any more after it was removed", async () => {
    const path = installOnPath("kubectl", "v1.99.0");
    await runTask("kubectl", { kind: "path", program: { path, version: "v1.99.0" } });
    expect(isTaskComplete(defineProgramTask("kubectl"))).toBe(true);
    rmSync(path);
    expect(isTaskComplete(defineProgramTask("kubectl"))).toBe(false);
  });

  it("is passed over if it is too old", async () => {
    installOnPath("kubectl", "v1.20.0");
    publishRelease("kubectl");
    expect((await chooseProgramWays(["kubectl"], printLine)).get("kubectl")).toEqual({ kind: "release" });
    expect(printLine.mock.calls).toEqual([["setup: downloading 1 official release"]]);
  });

  it("is found by its version however it prints that", () => {
    for (const output of [
      "Application: syft\nVersion:     1.57.1\nBuildDate: 2026-11-01\nGoVersion: go1.26.8",
      "syft 1.57.1",
      "GitVersion:    v1.57.1\nGoVersion:     go1.26.8",
    ])
      expect(parsePrintedVersion(output)).toBe("v1.57.1");
    expect(parsePrintedVersion("GoVersion: go1.26.8")).toBeUndefined();
  });

  it("is never software of a node", async () => {
    installOnPath("kubernetes", "v1.99.0");
    expect((await chooseProgramWays(["kubernetes"], printLine)).size).toBe(0);
  });
});
