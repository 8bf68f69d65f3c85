import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { execa } from "execa";
import { runAsInPod, withImageRoot } from "./runInImage.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));
jest.mock("./workImageRefs.ts", () => ({ resolveImageCache: () => env["XDG_CACHE_HOME"] }));

let folder: string;
let user: string;
let ran: readonly string[];
const called: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "images-"));
  mkdirSync(join(folder, "storage"));
  env["XDG_CACHE_HOME"] = folder;
  called.length = 0;
  jest.mocked(execa).mockImplementation(((_program: string, args: string[]) => {
    const verb = args.find((word) => ["from", "inspect", "run", "mount", "umount", "rm"].includes(word)) ?? "";
    called.push(verb);
    if (verb === "run") ran = args;
    return Promise.resolve({ exitCode: 0, stdout: verb === "inspect" ? `${user}\n` : "/mounted\n", stderr: "" });
  }) as never);
});
afterEach(() => {
  delete env["XDG_CACHE_HOME"];
  rmSync(folder, { recursive: true });
});

function listScratchFolders(): string[] {
  return readdirSync(join(folder, "mixcpt/containers"));
}

describe("a program that runs as in a pod", () => {
  it.each([
    ["1000:100", ["1000", "100"]],
    ["1000", ["1000", "1000"]],
    ["", ["0", "0"]],
  ])("has the rights of the image's user %p", async (imageUser, rights) => {
    user = imageUser;
    const command = ["python", "-c", "import vllm"];
    expect(await runAsInPod({ image: "mixcpt.local/data:1", env: { A: "b" }, command })).toBe(0);
    expect(ran.slice(-6)).toEqual(["sh", ...rights, ...command]);
    expect(ran).toContain("A=b");
    expect(listScratchFolders()).toEqual([]);
  });
});

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
