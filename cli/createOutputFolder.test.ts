import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOutputFolder } from "./createOutputFolder.ts";

describe("the folder that a command writes to", () => {
  const parentFolder = mkdtempSync(join(tmpdir(), "out-folder-"));
  afterAll(() => rmSync(parentFolder, { recursive: true }));

  it("is made with all folders above it, and may be there already", () => {
    const folder = join(parentFolder, "a", "b");
    createOutputFolder(folder);
    createOutputFolder(folder);
    expect(existsSync(folder)).toBe(true);
  });

  it.each(["below a file", "where the system makes no folders"])("is refused by name %s", (where) => {
    const file = join(parentFolder, "file");
    writeFileSync(file, "");
    const folder = where === "below a file" ? join(file, "out") : "/proc/out/folder";
    expect(() => createOutputFolder(folder)).toThrow(`cannot make the folder ${folder}`);
  });
});
