import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { execa } from "execa";
import { withImageRoot } from "./runInImage.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));
jest.mock("./workImageRefs.ts", () => ({ resolveImageCache: () => env["XDG_CACHE_HOME"] }));

let folder: string;
const called: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "images-"));
  mkdirSync(join(folder, "storage"));
  env["XDG_CACHE_HOME"] = folder;
  called.length = 0;
  jest.mocked(execa).mockImplementation(((_program: string, args: string[]) => {
    called.push(args.find((word) => ["from", "mount", "umount", "rm"].includes(word)) ?? "");
    return Promise.resolve({ exitCode: 0, stdout: "/mounted\n", stderr: "" });
  }) as never);
});
afterEach(() => {
  delete env["XDG_CACHE_HOME"];
  rmSync(folder, { recursive: true });
});

function listScratchFolders(): string[] {
  return readdirSync(join(folder, "mixcpt/containers"));
}

describe("the root of an image", () => {
  it("is there while it is read, and nothing of it afterwards", async () => {
    expect(await withImageRoot("mixcpt.local/data:1", (root) => Promise.resolve(`${root}/etc`))).toBe("/mounted/etc");
    expect(called).toEqual(["from", "mount", "umount", "rm"]);
    expect(listScratchFolders()).toEqual([]);
  });

  it("is unmounted after Ctrl-C, too, and what reads it does not go on", async () => {
    const interrupt = () => Promise.resolve(process.emit("SIGINT", "SIGINT"));
    await expect(withImageRoot("mixcpt.local/data:1", interrupt)).rejects.toThrow("interrupted");
    expect(called).toEqual(["from", "mount", "umount", "rm"]);
    expect(listScratchFolders()).toEqual([]);
    expect(process.listenerCount("SIGINT")).toBe(0);
  });
});
