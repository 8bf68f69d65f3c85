import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { refuseLockedStack, removeStaleLocks } from "./stackLocks.ts";

jest.mock("./backend.ts", () => ({ pulumiStateDirectory: "", hasOtherBackend: jest.fn() }));

const backend = jest.requireMock<{ pulumiStateDirectory: string; hasOtherBackend: jest.Mock }>("./backend.ts");
const folder = mkdtempSync(join(tmpdir(), "mixcpt-locks-"));
const locks = join(folder, ".pulumi/locks/organization/mixcpt/dev");
const file = join(locks, "1f0c2a9b.json");

beforeEach(() => {
  backend.pulumiStateDirectory = folder;
  backend.hasOtherBackend.mockReturnValue(false);
  mkdirSync(locks, { recursive: true });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(locks, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A lock as Pulumi writes it. */
function writeLock(pid: number, host = hostname(), timestamp = new Date().toISOString()): void {
  writeFileSync(file, JSON.stringify({ pid, username: "ana", hostname: host, timestamp }));
}

describe("a lock of Pulumi", () => {
  it("is removed if its process was killed on this machine", () => {
    writeLock(4194999);
    refuseLockedStack("mixcpt", "dev");
    expect(existsSync(file)).toBe(false);
  });

  it("is removed if another process has the id of the killed one by now", () => {
    writeLock(process.pid, hostname(), "2020-01-01T13:37:05.1+01:00");
    removeStaleLocks("mixcpt", "dev");
    expect(existsSync(file)).toBe(false);
  });

  it("is kept if its file is older by the clock of a server", () => {
    writeLock(process.pid);
    utimesSync(file, new Date("2020-01-01"), new Date("2020-01-01"));
    removeStaleLocks("mixcpt", "dev");
    expect(existsSync(file)).toBe(true);
  });

  it("is kept if its process is another user's, which this machine hides", () => {
    writeLock(4194999);
    jest.spyOn(process, "kill").mockImplementation(() => {
      throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
    });
    removeStaleLocks("mixcpt", "dev");
    expect(existsSync(file)).toBe(true);
  });

  it("is left to Pulumi if the state is in another backend", () => {
    writeLock(process.pid);
    backend.hasOtherBackend.mockReturnValue(true);
    expect(() => refuseLockedStack("mixcpt", "dev")).not.toThrow();
  });

  it("of a running process keeps a stack from being changed, with the command that breaks it", () => {
    writeLock(process.pid);
    expect(() => refuseLockedStack("mixcpt", "dev")).toThrow(
      new RegExp(
        '^stack "dev" is locked, because another command may be changing it; nothing was changed\n' +
          `  ${file} is held by process ${String(process.pid)} \\(.*\\) of ana on this machine since .* UTC; wait .*\n` +
          `  if no command is changing this stack, break the lock: rm ${file}$`,
      ),
    );
    expect(existsSync(file)).toBe(true);
  });

  it("of another machine is kept and named, even if no process of this machine has its id", () => {
    writeLock(4194999, "login-2");
    expect(() => refuseLockedStack("mixcpt", "dev")).toThrow("process 4194999 of ana on login-2 since ");
    expect(existsSync(file)).toBe(true);
  });

  it.each([
    ["", "is empty since "],
    ["{", 'is not a lock of Pulumi (it begins with "{") since '],
    ["{}", "is not a lock of Pulumi"],
  ])("that describes no owner (%j) is explained, and does not prevent reading", (text, explanation) => {
    writeFileSync(file, text);
    removeStaleLocks("mixcpt", "dev");
    expect(existsSync(file)).toBe(true);
    expect(() => refuseLockedStack("mixcpt", "dev")).toThrow(`${file} ${explanation}`);
    expect(() => refuseLockedStack("mixcpt", "dev")).toThrow(`break the lock: rm ${file}`);
  });

  it("of another stack changes nothing", () => {
    writeLock(process.pid);
    expect(() => refuseLockedStack("mixcpt", "test")).not.toThrow();
  });
});
