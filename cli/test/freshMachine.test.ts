import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listFreshPrograms } from "./freshMachine.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));

const root = mkdtempSync(join(tmpdir(), "mixcpt-fresh-"));
afterAll(() => rmSync(root, { recursive: true }));

function writeProgram(directory: string, name: string): string {
  const path = join(root, directory, name);
  mkdirSync(join(root, directory), { recursive: true });
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, 0o755);
  return path;
}

describe("the programs of a new machine", () => {
  const directories = { path: [join(root, "own"), join(root, "system")], system: [join(root, "system")] };
  const listed = writeProgram("system", "tar");
  const mawk = writeProgram("system", "mawk");
  writeProgram("system", "shellcheck");
  writeProgram("own", "go");
  writeProgram("own", "tar");
  writeProgram("own", "docker");
  symlinkSync(mawk, join(root, "system", "awk"));
  symlinkSync(join(root, "nowhere"), join(root, "system", "dangling"));
  const programs = listFreshPrograms(directories, new Set([listed, mawk]));

  it("are those of its packages, and links to them", () => {
    expect([...programs.keys()].sort()).toEqual(["awk", "go", "mawk", "tar"]);
  });

  it("come from the system, whatever stands before it on PATH, unless the README requires them", () => {
    expect(programs.get("tar")).toBe(listed);
    expect(programs.get("go")).toBe(join(root, "own", "go"));
  });
});
