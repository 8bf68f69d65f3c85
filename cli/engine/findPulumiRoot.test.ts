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

describe("Pulumi's CLI", () => {
  it("is found wherever it stands among the programs", () => {
    expect(findPulumiRoot({ programs: [resolveBin("kubectl"), resolveBin("pulumi")] })).toBe(join(folder, "pulumi"));
  });

  it("that is missing is told with where it was looked for", () => {
    expect(() => findPulumiRoot({ programs: [resolveBin("kubectl")] })).toThrow(
      `in none of ${resolveBin("kubectl")}: build it with ./mixcpt setup`,
    );
  });
});
