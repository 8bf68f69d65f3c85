import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { env } from "node:process";
import { execa } from "execa";
import { renderLock } from "../lockHolder.ts";
import { listMountsBelow } from "./processMounts.ts";
import { makeScratchFolder, removeAbandonedContainers } from "./scratchContainers.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));
jest.mock("./processMounts.ts", () => ({
  ...jest.requireActual<object>("./processMounts.ts"),
  listMountsBelow: jest.fn(() => []),
}));

const dayMs = 24 * 3600 * 1000;
let cache: string;
beforeEach(() => {
  cache = realpathSync(mkdtempSync(join(tmpdir(), "containers-")));
  env["XDG_CACHE_HOME"] = cache;
  jest.mocked(listMountsBelow).mockReturnValue([]);
  jest.mocked(execa).mockReset();
});
afterEach(() => {
  delete env["XDG_CACHE_HOME"];
  rmSync(cache, { recursive: true });
});

function makeFolder(name: string, owner?: string): string {
  const folder = join(cache, "mixcpt/containers", name);
  mkdirSync(join(folder, "storage"), { recursive: true });
  if (owner !== undefined) writeFileSync(join(folder, "owner"), owner);
  return folder;
}

/** What a process that has ended by now wrote as an owner. */
function renderEndedOwner(host = hostname()): string {
  const { pid } = spawnSync("true");
  return JSON.stringify({ ...(JSON.parse(renderLock("x")) as object), pid, hostname: host });
}

it("removes what a process that was killed has left, but no folder of one that runs", async () => {
  const abandoned = makeFolder("abandoned", renderEndedOwner());
  const live = makeScratchFolder();
  const ofAnotherMachine = makeFolder("shared", renderEndedOwner("another"));
  expect(await removeAbandonedContainers(new Date())).toEqual(["abandoned"]);
  expect([abandoned, live, ofAnotherMachine].map((folder) => existsSync(folder))).toEqual([false, true, true]);
});

it("removes nothing where there has been no container", async () => {
  expect(await removeAbandonedContainers(new Date())).toEqual([]);
});

it("keeps a folder whose program still runs after its owner was killed", async () => {
  const folder = makeFolder("orphaned", renderEndedOwner());
  const program = spawn("sh", ["-c", "read line", `${folder}/storage`], { stdio: ["pipe", "ignore", "ignore"] });
  await new Promise((resolve) => program.once("spawn", resolve));
  expect(await removeAbandonedContainers(new Date())).toEqual([]);
  program.kill();
  await new Promise((resolve) => program.once("exit", resolve));
  expect(await removeAbandonedContainers(new Date())).toEqual([basename(folder)]);
});

it("removes a folder without an owner, as of an earlier version, after a day", async () => {
  const folder = makeFolder("ownerless");
  expect(await removeAbandonedContainers(new Date())).toEqual([]);
  utimesSync(folder, new Date(), new Date(Date.now() - 2 * dayMs));
  expect(await removeAbandonedContainers(new Date())).toEqual(["ownerless"]);
});

it("unmounts what is mounted in the folder before it removes the files", async () => {
  const folder = makeFolder("mounted", renderEndedOwner());
  const mounts = [`${folder}/storage/overlay/1/merged`, `${folder}/storage/overlay`];
  jest.mocked(listMountsBelow).mockReturnValue(mounts);
  jest.mocked(execa).mockImplementation((() => {
    expect(existsSync(folder)).toBe(true);
    return Promise.resolve({});
  }) as never);
  expect(await removeAbandonedContainers(new Date())).toEqual(["mounted"]);
  expect(jest.mocked(execa).mock.calls).toEqual(mounts.map((mount) => ["umount", [mount]]));
});

it("looks for mounts by the path that the kernel has, where the cache is a link", async () => {
  makeFolder("linked", renderEndedOwner());
  const link = join(cache, "link");
  symlinkSync(cache, link);
  env["XDG_CACHE_HOME"] = link;
  expect(await removeAbandonedContainers(new Date())).toEqual(["linked"]);
  expect(jest.mocked(listMountsBelow).mock.lastCall).toEqual([join(cache, "mixcpt/containers/linked")]);
  expect(dirname(makeScratchFolder())).toBe(join(cache, "mixcpt/containers"));
});

it("keeps all files where a mount is busy: they would be removed through it", async () => {
  const folder = makeFolder("busy", renderEndedOwner());
  jest.mocked(listMountsBelow).mockReturnValue([`${folder}/storage/overlay`]);
  jest.mocked(execa).mockImplementation((() => Promise.reject(new Error("target is busy"))) as never);
  expect(await removeAbandonedContainers(new Date())).toEqual([]);
  expect(existsSync(`${folder}/storage`)).toBe(true);
});
