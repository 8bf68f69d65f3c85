import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goToolchainTask, isGoInstalled, provideGo } from "./goToolchain.ts";
import { defineProgramTask } from "./programTask.ts";
import type { VendorServer } from "./release/vendorServer.fixture.ts";
import { hashContent, startVendorServer } from "./release/vendorServer.fixture.ts";
import { resolveTaskPath } from "./setupTask.ts";

jest.mock("execa", () => ({
  execa: (_setpriv: string, [, , , program = "", ...args]: string[]) =>
    Promise.resolve({ stdout: execFileSync(program, args, { encoding: "utf8" }) }),
}));

const folder = mkdtempSync(join(tmpdir(), "mixcpt-go-"));
const reporter = { printLine: jest.fn(), countBytes: jest.fn() };
let server: VendorServer;

beforeEach(async () => {
  writeFileSync(join(folder, "go"), "#!/bin/sh\necho 'go: cannot find GOROOT directory' >&2; exit 2", { mode: 0o755 });
  jest.replaceProperty(process, "env", {
    PATH: `${folder}:/usr/bin:/bin`,
    XDG_CACHE_HOME: mkdtempSync(join(folder, "cache-")),
  });
  server = await startVendorServer();
});
afterEach(async () => {
  await server.close();
  jest.restoreAllMocks();
});
afterAll(() => rmSync(folder, { recursive: true }));

function publishGo(): void {
  mkdirSync(join(folder, "archive/go/bin"), { recursive: true });
  writeFileSync(join(folder, "archive/go/bin/go"), "program go");
  const archive = execFileSync("tar", ["-cz", "-C", join(folder, "archive"), "go"]);
  const path = `dl.google.com/go/go1.26.8.linux-${process.arch === "x64" ? "amd64" : process.arch}.tar.gz`;
  server.files.set(path, archive);
  server.files.set(`${path}.sha256`, hashContent(archive));
}

function listGoDownloads(): string[] {
  return server.requests.filter((request) => /GET dl\.google\.com.*gz$/.test(request));
}

it("does not count a Go on PATH that does not run", () => {
  expect(isGoInstalled()).toBe(false);
});

it("downloads Go once for all programs that need it at a time", async () => {
  publishGo();
  const program = join(resolveTaskPath(goToolchainTask), "bin/go");
  expect(await Promise.all([provideGo(reporter), provideGo(reporter)])).toEqual([program, program]);
  expect(await provideGo(reporter)).toBe(program);
  expect(listGoDownloads()).toHaveLength(1);
});

it("downloads Go for a program whose release turns out to be unusable", async () => {
  publishGo();
  const commands: string[] = [];
  const run = (command: string, [verb]: readonly string[]) => {
    commands.push(`${command} ${verb ?? ""}`);
    return Promise.resolve("");
  };
  const task = defineProgramTask("coredns", new Map([["coredns", { kind: "release" }]]));
  mkdirSync(resolveTaskPath(task), { recursive: true });
  await task.build(resolveTaskPath(task), run, reporter);
  expect(commands).toEqual([`${join(resolveTaskPath(goToolchainTask), "bin/go")} build`]);
});

it("says what to install if Go cannot be downloaded either", async () => {
  await expect(provideGo(reporter)).rejects.toThrow(
    /Go is needed and was not found on PATH: .*HTTP status 404; install Go 1\.26 or newer and put its bin directory on PATH/,
  );
});
