import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeOutFolder } from "./outFolder.ts";

describe("the folder that a command writes to", () => {
  const place = mkdtempSync(join(tmpdir(), "out-folder-"));
  afterAll(() => rmSync(place, { recursive: true }));

  it("is made with all folders above it, and may be there already", () => {
    const folder = join(place, "a", "b");
    makeOutFolder(folder);
    makeOutFolder(folder);
    expect(existsSync(folder)).toBe(true);
  });

  it.each(["below a file", "where the system makes no folders"])("is refused by name %s", (where) => {
    const file = join(place, "file");
    writeFileSync(file, "");
    const folder = where === "below a file" ? join(file, "out") : "/proc/out/folder";
    expect(() => makeOutFolder(folder)).toThrow(`cannot make the folder ${folder}`);
  });
});
