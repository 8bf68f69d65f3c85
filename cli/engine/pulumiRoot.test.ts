import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumiRoot } from "./pulumiRoot.ts";

const folder = mkdtempSync(join(tmpdir(), "mixcpt-pulumi-"));
const bin = (name: string): string => join(folder, name, "bin");
for (const name of ["kubectl", "pulumi"]) {
  mkdirSync(bin(name), { recursive: true });
  writeFileSync(join(bin(name), name), "");
}
afterAll(() => rmSync(folder, { recursive: true }));

describe("Pulumi's CLI", () => {
  it("is found wherever it stands among the programs", () => {
    expect(pulumiRoot({ programs: [bin("kubectl"), bin("pulumi")] })).toBe(join(folder, "pulumi"));
  });

  it("that is missing is told with where it was looked for", () => {
    expect(() => pulumiRoot({ programs: [bin("kubectl")] })).toThrow(`in none of ${bin("kubectl")}: build it with ./mixcpt setup`);
  });
});
