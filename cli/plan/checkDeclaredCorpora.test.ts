/** Stack files in a temporary folder, and the stack files of this repository. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { hubRepositories } from "../../jobs/matrix/index.ts";
import { listDeclaredStacks, projectDirectories } from "../engine/stackDeclarations.ts";
import { renderStackFiles } from "../render/renderStackFiles.ts";
import { buildPlanFromFiles } from "./planOnCluster.ts";

const commits = Object.fromEntries(hubRepositories.map((repository) => [repository, "5a".repeat(20)]));
const common = { "mixcpt:cluster": "lumi", "mixcpt:tokenSecret": "hub", "mixcpt:revisions": commits };
const family = {
  ...common,
  "mixcpt:family": "viking",
  "mixcpt:protocol": "uniform",
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
  "mixcpt:axes": { data: ["Mono"], categories: ["Stag"] },
};
const corpora = { ...common, "mixcpt:kind": "corpora" };

let folder: string;
afterEach(() => {
  jest.restoreAllMocks();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

function declareStackFiles(files: Record<string, object>): void {
  folder = mkdtempSync(join(tmpdir(), "mixcpt-corpora-"));
  for (const [stack, config] of Object.entries(files))
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
  jest.replaceProperty(projectDirectories, "mixcpt", folder);
}

function listCorpusFindings(stack: string) {
  return buildPlanFromFiles(stack).plan.openFindings.filter(({ rule }) => rule === "corpus-not-made");
}

describe("the corpora that a stack needs", () => {
  it("are found if a stack of corpora on the same cluster builds them", () => {
    declareStackFiles({ viking: family, corpora });
    expect(listCorpusFindings("viking")).toEqual([]);
    expect(renderStackFiles("viking").get("shared.yaml")).not.toContain("corpus-not-made");
  });

  it("are made for a stack that names the stack of corpora, and a broken file of another one is no obstacle", () => {
    const linked = { ...family, "mixcpt:corpora": "corpora", "mixcpt:revisions": {} };
    declareStackFiles({ viking: linked, corpora, broken: { ...linked, "mixcpt:axes": { data: ["Mno"] } } });
    expect(listCorpusFindings("viking")).toEqual([]);
    expect(() => buildPlanFromFiles("corpora")).toThrow(/^Pulumi\.broken\.yaml cannot be used:/);
  });

  it("are missing for a stack that names the stack of corpora, but writes a commit of its text in its own file", () => {
    const commit = "5a".repeat(20);
    declareStackFiles({
      viking: { ...family, "mixcpt:corpora": "corpora", "mixcpt:revisions": { "Davlan/sib200": commit } },
      corpora,
      broken: { ...family, "mixcpt:corpora": "corpora", "mixcpt:axes": { data: ["Mno"] } },
    });
    const message =
      `mixcpt:revisions.Davlan/sib200 is "${commit}" here and not given in Pulumi.corpora.yaml; ` +
      "write it in Pulumi.corpora.yaml only";
    expect(listCorpusFindings("viking")).toEqual([
      expect.objectContaining({ cells: ["V7-Mono-Stag"], message: expect.stringContaining(message) as string }),
    ]);
  });

  it("are reported by plan and render if a commit differs between the two files", () => {
    declareStackFiles({
      viking: family,
      corpora: { ...corpora, "mixcpt:revisions": { ...commits, "cis-lmu/glotlid": "6b".repeat(20) } },
    });
    const [here, there] = ["5a".repeat(20), "6b".repeat(20)];
    const message = `mixcpt:revisions.cis-lmu/glotlid is "${here}" here and "${there}" in Pulumi.corpora.yaml`;
    expect(listCorpusFindings("viking")).toEqual([
      {
        rule: "corpus-not-made",
        severity: "error",
        cells: ["V7-Mono-Stag"],
        message: expect.stringContaining(message) as string,
      },
    ]);
    expect(renderStackFiles("viking").get("shared.yaml")).toContain(message);
  });

  it("are reported if the stack of corpora is on another cluster", () => {
    declareStackFiles({ viking: family, corpora: { ...corpora, "mixcpt:cluster": "other" } });
    expect(listCorpusFindings("viking")[0]?.message).toContain("no stack of kind corpora has mixcpt:cluster lumi");
  });

  it.each(listDeclaredStacks("mixcpt"))("are all built by this repository's stacks: %s", (stack) => {
    expect(listCorpusFindings(stack)).toEqual([]);
  });
});
