import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPulumiRoot } from "./findPulumiRoot.ts";

const folder = mkdtempSync(join(tmpdir(), "mixcpt-pulumi-"));

function resolveBin(name: string): string {
  return join(folder, name, "bin");
}

for (const name of ["kubectl", "pulumi"]) {
  mkdirSync(resolveBin(name), { recursive: true });
  writeFileSync(join(resolveBin(name), name), "");
}
afterAll(() => rmSync(folder, { recursive: true }));

describe("findPulumiRoot", () => {
  it("finds Pulumi's CLI in any of the program folders", () => {
    expect(findPulumiRoot({ programs: [resolveBin("kubectl"), resolveBin("pulumi")] })).toBe(join(folder, "pulumi"));
  });

  it("lists the folders it searched if the CLI is missing", () => {
    expect(() => findPulumiRoot({ programs: [resolveBin("kubectl")] })).toThrow(
      `not installed in ${resolveBin("kubectl")}; build it with ./mixcpt setup`,
    );
  });
});
