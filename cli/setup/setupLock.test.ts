import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import * as lockHolder from "../lockHolder.ts";
import * as environment from "../../workspace/environment.ts";
import { runExclusively, runUnlessLocked } from "./setupLock.ts";

jest.mock("../../workspace/environment.ts", () => ({
  ...jest.requireActual<typeof environment>("../../workspace/environment.ts"),
  resolveCacheDirectory: jest.fn(),
}));

jest.mock("../lockHolder.ts", () => {
  const actual = jest.requireActual<typeof lockHolder>("../lockHolder.ts");
  return { ...actual, hasHolderEnded: jest.fn(actual.hasHolderEnded) };
});

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
    expect(readdirSync(cache)).not.toContain("setup.lock");
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

  it("is not taken from the process that took it over while this one was looking at the stale one", async () => {
    const file = await writeLock("contended", "4194999");
    const live = JSON.stringify({ pid: process.pid, hostname: hostname(), timestamp: new Date() });
    jest.mocked(lockHolder.hasHolderEnded).mockImplementationOnce(() => {
      writeFileSync(file, live);
      setTimeout(() => rmSync(file), 300);
      return true;
    });
    let found: string | undefined;
    const wait = setInterval(() => (found ??= readFileSync(file, "utf8")), 100);
    expect(await runExclusively(() => Promise.resolve("done"))).toBe("done");
    clearInterval(wait);
    expect(found).toBe(live);
    expect(console.log).toHaveBeenCalledWith(expect.stringContaining("waiting for it to finish"));
  });

  it("has one holder at a time among processes that find the same stale one", async () => {
    await writeLock("processes/mixcpt", "4194999");
    const log = join(folder, "holders");
    const module = resolve(environment.checkoutDirectory, "cli/setup/setupLock.ts");
    const script =
      `import { appendFileSync } from "node:fs"; import { setTimeout } from "node:timers/promises";\n` +
      `import { runExclusively } from ${JSON.stringify(pathToFileURL(module).href)};\n` +
      `await runExclusively(async () => {
        for (const word of ["begins", "ends"]) {
          appendFileSync(${JSON.stringify(log)}, process.pid + " " + word + "\\n");
          await setTimeout(20);
        }
      });`;
    const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", script];
    const env = environment.buildChildEnvironment({ XDG_CACHE_HOME: join(folder, "processes") });
    await Promise.all(Array.from({ length: 6 }, () => promisify(execFile)(process.execPath, args, { env })));
    const words = readFileSync(log, "utf8").trim().split("\n");
    expect(words).toHaveLength(12);
    for (let index = 0; index < words.length; index += 2)
      expect(words[index + 1]).toBe(words[index]?.replace("begins", "ends"));
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
