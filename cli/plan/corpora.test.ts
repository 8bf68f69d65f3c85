/** The files of two stacks in a folder of their own, and those of this repository as they are. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { repositories } from "../../jobs/matrix/index.ts";
import { declaredStacks, directories } from "../engine/declared.ts";
import { renderedFiles } from "../render/files.ts";
import { planFile } from "./planStacks.ts";

const commits = Object.fromEntries(repositories.map((repository) => [repository, "5a".repeat(20)]));
const common = { "mixcpt:cluster": "lumi", "mixcpt:tokenSecret": "hub", "mixcpt:revisions": commits };
const family = { ...common, "mixcpt:family": "viking", "mixcpt:protocol": "uniform", "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 }, "mixcpt:axes": { data: ["Mono"], categories: ["Stag"] } };
const corpora = { ...common, "mixcpt:kind": "corpora" };

let folder: string;
afterEach(() => {
  jest.restoreAllMocks();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

function declare(files: Record<string, object>): void {
  folder = mkdtempSync(join(tmpdir(), "mixcpt-corpora-"));
  for (const [stack, config] of Object.entries(files)) writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
  jest.replaceProperty(directories, "mixcpt", folder);
}

const openOf = (stack: string) => planFile(stack).plan.open.filter(({ rule }) => rule === "corpus-not-made");

describe("the corpora that a stack's file names", () => {
  it("are found where the file of a stack of corpora on the same cluster makes them", () => {
    declare({ viking: family, corpora });
    expect(openOf("viking")).toEqual([]);
    expect(renderedFiles("viking").get("shared.yaml")).not.toContain("corpus-not-made");
  });

  it("are missed by plan and noted by render where a commit of the two files differs", () => {
    declare({ viking: family, corpora: { ...corpora, "mixcpt:revisions": { ...commits, "cis-lmu/glotlid": "6b".repeat(20) } } });
    const message = `mixcpt:revisions.cis-lmu/glotlid is "${"5a".repeat(20)}" here and "${"6b".repeat(20)}" in Pulumi.corpora.yaml`;
    expect(openOf("viking")).toEqual([{ rule: "corpus-not-made", severity: "error", cells: ["V7-Mono-Stag"], message: expect.stringContaining(message) as string }]);
    expect(renderedFiles("viking").get("shared.yaml")).toContain(message);
  });

  it("are missed where the stack of corpora is on another cluster", () => {
    declare({ viking: family, corpora: { ...corpora, "mixcpt:cluster": "other" } });
    expect(openOf("viking")[0]?.message).toContain("no stack of kind corpora has mixcpt:cluster lumi");
  });

  it.each(declaredStacks("mixcpt"))("are all made, as this repository's files are: %s", (stack) => {
    expect(openOf(stack)).toEqual([]);
  });
});
