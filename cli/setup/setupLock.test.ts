import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import * as environment from "../../workspace/environment.ts";
import { runExclusively, runUnlessLocked } from "./setupLock.ts";

jest.mock("../../workspace/environment.ts", () => ({
  ...jest.requireActual<typeof environment>("../../workspace/environment.ts"),
  resolveCacheDirectory: jest.fn(),
}));

const folder = mkdtempSync(join(tmpdir(), "mixcpt-lock-"));

function mockCacheDirectory(path: string): string {
  const cache = join(folder, path);
  jest.mocked(environment.resolveCacheDirectory).mockReturnValue(cache);
  return cache;
}

beforeEach(() => jest.spyOn(console, "log").mockImplementation(() => undefined));
afterEach(() => jest.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true }));

describe("setup's lock", () => {
  it("creates the cache, describes its holder and is removed afterwards", async () => {
    const cache = mockCacheDirectory("not/yet");
    const text = await runExclusively(() => Promise.resolve(readFileSync(join(cache, "setup.lock"), "utf8")));
    expect(JSON.parse(text)).toEqual({
      pid: process.pid,
      hostname: hostname(),
      username: userInfo().username,
      command: "./mixcpt setup",
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
    expect(readdirSync(cache)).toEqual([]);
  });

  it("admits one holder at a time", async () => {
    mockCacheDirectory("shared");
    const order: string[] = [];
    const buildWork = (name: string) => async (): Promise<void> => {
      order.push(`${name} begins`);
      await new Promise((wake) => setTimeout(wake, 50));
      order.push(`${name} ends`);
    };
    await Promise.all([runExclusively(buildWork("one")), runExclusively(buildWork("two"))]);
    expect(order).toEqual(["one begins", "one ends", "two begins", "two ends"]);
  });

  it("lets work that can be left out run only while nobody holds it", async () => {
    const cache = mockCacheDirectory("optional");
    const done: string[] = [];
    await runExclusively(() => {
      runUnlessLocked(() => void done.push("beside another"));
      return Promise.resolve();
    });
    runUnlessLocked(() => void done.push("alone"));
    writeFileSync(join(cache, "setup.lock"), "4194999");
    runUnlessLocked(() => void done.push("after a killed one"));
    expect(done).toEqual(["alone", "after a killed one"]);
    expect(readdirSync(cache)).toEqual([]);
  });

  /** A cache with a lock of this content. */
  async function writeLock(name: string, text: string): Promise<string> {
    const cache = mockCacheDirectory(name);
    await runExclusively(() => Promise.resolve());
    writeFileSync(join(cache, "setup.lock"), text);
    return join(cache, "setup.lock");
  }

  it.each([["4194999"], [JSON.stringify({ pid: 4194999, hostname: hostname() })]])(
    "is taken over from a process that was killed (%s)",
    async (text) => {
      await writeLock(`killed${String(text.length)}`, text);
      expect(await runExclusively(() => Promise.resolve("done"))).toBe("done");
      expect(console.log).not.toHaveBeenCalled();
    },
  );

  it("is taken over from a process whose id another process has by now", async () => {
    const file = await writeLock("reused", String(process.pid));
    utimesSync(file, new Date("2020-01-01"), new Date("2020-01-01"));
    expect(await runExclusively(() => Promise.resolve("done"))).toBe("done");
  });

  it("is explained and taken over if it is empty", async () => {
    const file = await writeLock("empty", "");
    expect(await runExclusively(() => Promise.resolve("done"))).toBe("done");
    expect(console.log).toHaveBeenCalledWith(
      expect.stringMatching(new RegExp(`^setup: ${file} is empty since \\d{4}-.* UTC, .*; taking it over$`)),
    );
  });

  it("of another machine is waited for, with its owner and the command that breaks it", async () => {
    const text = JSON.stringify({ pid: 12, hostname: "login-2", username: "ana", command: "./mixcpt setup" });
    const file = await writeLock("shared-home", text);
    setTimeout(() => rmSync(file), 500);
    expect(await runExclusively(() => Promise.resolve("done"))).toBe("done");
    expect(console.log).toHaveBeenCalledTimes(1);
    expect(console.log).toHaveBeenCalledWith(
      expect.stringMatching(
        new RegExp(
          `^setup: ${file} is held by process 12 \\(\\./mixcpt setup\\) of ana on login-2 since .* UTC; ` +
            `waiting for it to finish \\(if it no longer runs: rm ${file}\\)$`,
        ),
      ),
    );
  });

  it("is refused if it is a file of something else", async () => {
    const file = await writeLock("foreign", "not a lock");
    await expect(runExclusively(() => Promise.resolve())).rejects.toThrow(
      new RegExp(`^${file} is not a lock of setup: .* begins with "not a lock"; .*rm ${file}$`),
    );
  });

  it("fails instead of waiting if the cache is not writable", async () => {
    writeFileSync(join(folder, "file"), "");
    mockCacheDirectory("file/below");
    await expect(runExclusively(() => Promise.resolve())).rejects.toThrow("ENOTDIR");
  });
});
