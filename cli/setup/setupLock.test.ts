import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as environment from "../../workspace/environment.ts";
import { runExclusively } from "./setupLock.ts";

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
  it("creates the cache, contains its holder's process id and is removed afterwards", async () => {
    const cache = mockCacheDirectory("not/yet");
    expect(await runExclusively(() => Promise.resolve(readFileSync(join(cache, "setup.lock"), "utf8")))).toBe(
      String(process.pid),
    );
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

  it.each([["4194999"], [""]])("is taken over from a process that was killed (%s)", async (pid) => {
    const cache = mockCacheDirectory(`killed${pid}`);
    await runExclusively(() => Promise.resolve());
    writeFileSync(join(cache, "setup.lock"), pid);
    expect(await runExclusively(() => Promise.resolve("done"))).toBe("done");
  });

  it("fails instead of waiting if the cache is not writable", async () => {
    writeFileSync(join(folder, "file"), "");
    mockCacheDirectory("file/below");
    await expect(runExclusively(() => Promise.resolve())).rejects.toThrow("ENOTDIR");
  });
});
