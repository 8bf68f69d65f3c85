import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOutputFolder } from "./createOutputFolder.ts";

describe("createOutputFolder", () => {
  const parentFolder = mkdtempSync(join(tmpdir(), "out-folder-"));
  afterAll(() => rmSync(parentFolder, { recursive: true }));

  it("creates all missing parents and accepts an existing folder", () => {
    const folder = join(parentFolder, "a", "b");
    createOutputFolder(folder);
    createOutputFolder(folder);
    expect(existsSync(folder)).toBe(true);
  });

  it.each(["below a file", "where the system allows no folders"])("names the folder it cannot create %s", (place) => {
    const file = join(parentFolder, "file");
    writeFileSync(file, "");
    const folder = place === "below a file" ? join(file, "out") : "/proc/out/folder";
    expect(() => createOutputFolder(folder)).toThrow(`cannot create the folder ${folder}`);
  });
});
