import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { getuid } from "node:process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkInotifyInstances } from "./inotifyInstances.ts";

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** Makes a /proc with one process of the test's user, which holds these files open. */
function makeProc(limit: number, links: readonly string[]): string {
  const proc = mkdtempSync(join(tmpdir(), "mixcpt-proc-"));
  folders.push(proc);
  mkdirSync(join(proc, "sys/fs/inotify"), { recursive: true });
  writeFileSync(join(proc, "sys/fs/inotify/max_user_instances"), `${String(limit)}\n`);
  mkdirSync(join(proc, "12/fd"), { recursive: true });
  links.forEach((link, index) => symlinkSync(link, join(proc, "12/fd", String(index))));
  return proc;
}

const twoHosts = { workers: 1, controlPlanes: 1 };
const instances = Array.from({ length: 90 }, () => "anon_inode:inotify");

it("says before local hosts start that the kernel has too few instances of inotify, and what to set", () => {
  expect(checkInotifyInstances(twoHosts, makeProc(40, []))).toMatch(
    /max_user_instances: 40 instances .* 0 are in use, .* need about 48; run sysctl -w fs\.inotify\.max_user_instances=1024/,
  );
  expect(checkInotifyInstances(twoHosts, makeProc(48, ["/dev/null", "socket:[1]"]))).toBe("");
});

it("counts what root's processes use, and needs nothing for hosts that exist", () => {
  const proc = makeProc(128, instances);
  expect(checkInotifyInstances(twoHosts, proc)).toEqual(
    getuid?.() === 0 ? expect.stringContaining("128 instances of inotify are allowed, 90 are in use") : "",
  );
  expect(checkInotifyInstances({ workers: 0, controlPlanes: 0 }, proc)).toBe("");
});

it("says nothing where the kernel does not tell its limit", () => {
  const proc = mkdtempSync(join(tmpdir(), "mixcpt-proc-"));
  folders.push(proc);
  expect(checkInotifyInstances(twoHosts, proc)).toEqual("");
});
