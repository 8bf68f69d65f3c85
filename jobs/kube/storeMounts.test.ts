/** The program that makes folders of the store, run by a shell, and the folders that a cluster's file names. */
import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildFoldersCommand, listCacheFolders } from "./storeMounts.ts";

let store: string;

beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), "store-"));
});

afterEach(() => {
  rmSync(store, { recursive: true });
});

function makeFolders(folders: readonly string[], variables: Readonly<Record<string, string>> = {}): void {
  const paths = folders.map((folder) => join(store, folder));
  const [program = "", ...args] = buildFoldersCommand({ folders: paths, image: "small:1" });
  execFileSync(program, args, { env: { PATH: "/usr/bin:/bin", MIXCPT_STORE: store, ...variables } });
}

it("makes all folders that are missing and leaves the others", () => {
  mkdirSync(join(store, "runs/a"), { recursive: true });
  writeFileSync(join(store, "runs/a/COMPLETE"), "");
  makeFolders(["runs/a", "scores/b"]);
  expect(existsSync(join(store, "runs/a/COMPLETE"))).toBe(true);
  expect(lstatSync(join(store, "scores/b")).isDirectory()).toBe(true);
});

it("keeps a link to a finished folder and replaces one that leads nowhere", () => {
  mkdirSync(join(store, "runs/old"), { recursive: true });
  symlinkSync("old", join(store, "runs/new"));
  symlinkSync("gone", join(store, "runs/broken"));
  makeFolders(["runs/new", "runs/broken"]);
  const links = ["runs/new", "runs/broken"].map((name) => lstatSync(join(store, name)).isSymbolicLink());
  expect(links).toEqual([true, false]);
});

it("leaves a folder that another pod of the run makes at the same time", () => {
  const programs = join(store, "programs");
  mkdirSync(programs);
  // another pod is faster between the look at the folder and the program's own steps
  writeFileSync(join(programs, "rm"), '#!/bin/sh\nmkdir -p "$2"\nexec /bin/rm "$@"\n', { mode: 0o755 });
  makeFolders(["runs/a"], { PATH: `${programs}:/usr/bin:/bin` });
  expect(lstatSync(join(store, "runs/a")).isDirectory()).toBe(true);
});

it("makes nothing on a node without the store, where the step says so", () => {
  makeFolders(["runs/a"], { MIXCPT_STORE_ID: "known" });
  expect(existsSync(join(store, "runs"))).toBe(false);
  writeFileSync(join(store, ".mixcpt-store"), "known\n");
  makeFolders(["runs/a"], { MIXCPT_STORE_ID: "known" });
  expect(existsSync(join(store, "runs/a"))).toBe(true);
});

it("fails if a folder cannot be made", () => {
  writeFileSync(join(store, "runs"), "");
  expect(() => {
    makeFolders(["runs/a"]);
  }).toThrow(/mkdir/);
});

it("mounts a folder that several variables of a cluster's file name once", () => {
  const env = {
    MIOPEN_USER_DB_PATH: "/store/cache/miopen",
    MIOPEN_CUSTOM_CACHE_DIR: "/store/cache/miopen/",
    TRITON_CACHE_DIR: "/tmp/triton",
    HF_HOME: "/store/cache",
    XDG_CACHE_HOME: "/store/",
  };
  expect(listCacheFolders({ env }, { mount: "/store" })).toEqual(["/store/cache", "/store/cache/miopen"]);
});

it("mounts the folder of AITER's kernels, which has no default", () => {
  const env = { AITER_JIT_DIR: "/store/cache/aiter" };
  expect(listCacheFolders({ env }, { mount: "/store" })).toEqual(["/store/cache/aiter"]);
});
