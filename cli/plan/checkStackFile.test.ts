/** The checks of `up` and `preview` before the engine starts. Tests of the engine itself use a real one. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDirectories } from "../engine/stackDeclarations.ts";
import { checkStackFile } from "./checkStackFile.ts";

const family = `config:
  mixcpt:family: viking
  mixcpt:protocol: uniform
  mixcpt:hardware: { gpu: MI250X, devicesPerNode: 8 }
  mixcpt:axes: { data: [Mono], categories: [Stag] }
  mixcpt:cluster: lumi
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mixcpt-up-"));
  jest.replaceProperty(projectDirectories, "mixcpt", folder);
  writeFileSync(join(folder, "Pulumi.viking.yaml"), family);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function collectPrintedLines(stack: string): string[] {
  const lines: string[] = [];
  checkStackFile(stack, (line) => lines.push(line));
  return lines;
}

describe("checkStackFile", () => {
  it("warns about cells whose corpora no stack builds, and continues", () => {
    expect(collectPrintedLines("viking")).toEqual([
      "  ! error corpus-not-made (V7-Mono-Stag): no stack makes the corpora that these cells would wait for: " +
        "no stack of kind corpora has mixcpt:cluster lumi; add one or change mixcpt:cluster",
    ]);
  });

  it("prints nothing if a stack builds them", () => {
    writeFileSync(join(folder, "Pulumi.corpora.yaml"), "config: { 'mixcpt:kind': corpora, 'mixcpt:cluster': lumi }\n");
    expect(collectPrintedLines("viking")).toEqual([]);
  });
});
