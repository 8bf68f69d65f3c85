import { parseStackConfig } from "../../experiment/index.ts";
import { gpuCluster } from "../../kube/clusterOutputs.fixture.ts";
import type { CorporaConfig, FamilyConfig } from "../../config/index.ts";
import { hubRepositories } from "../../matrix/index.ts";
import { findMissingCorpora } from "./missingCorpora.ts";

const commits = Object.fromEntries(hubRepositories.map((repository) => [repository, "5".repeat(40)]));
const otherCommit = "6".repeat(40);
const advice = "write mixcpt:corpora: corpora here, so that Pulumi.corpora.yaml makes what these cells read";

function parseStack(stack: string, values: Record<string, unknown>) {
  return parseStackConfig({
    stack,
    file: `Pulumi.${stack}.yaml`,
    values: { "mixcpt:cluster": "lumi", "mixcpt:revisions": commits, ...values },
  });
}

function parseFamilyWith(values: Record<string, unknown> = {}) {
  return parseStack("llama-2", {
    "mixcpt:family": "llama-2",
    "mixcpt:protocol": "uniform",
    "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
    ...values,
  }) as FamilyConfig;
}

function parseCorporaWith(values: Record<string, unknown> = {}) {
  return parseStack("corpora", { "mixcpt:kind": "corpora", ...values }) as CorporaConfig;
}

function summarizeMissingCorpora(family: FamilyConfig, ...corpora: CorporaConfig[]) {
  return findMissingCorpora(family, corpora, gpuCluster).map(({ cells, message }) => [
    cells.length,
    message.replace(/^.*would wait for: /, ""),
  ]);
}

describe("missing corpora of a family", () => {
  it("are not reported if both files give the same commits or none", () => {
    expect(summarizeMissingCorpora(parseFamilyWith(), parseCorporaWith())).toEqual([]);
    expect(
      summarizeMissingCorpora(
        parseFamilyWith({ "mixcpt:revisions": {} }),
        parseCorporaWith({ "mixcpt:revisions": {} }),
      ),
    ).toEqual([]);
  });

  it("are reported with the key, both values and the cells that read it if a commit differs", () => {
    const corpora = parseCorporaWith({ "mixcpt:revisions": { ...commits, "bigcode/the-stack-dedup": otherCommit } });
    expect(findMissingCorpora(parseFamilyWith(), [corpora], gpuCluster)).toEqual([
      {
        rule: "corpus-not-made",
        severity: "error",
        cells: [
          "L2-Bi+Code-Alt",
          "L2-Bi+Code-Sel",
          "L2-Bi+Code-Stag",
          "L2-Mono+Code-Alt",
          "L2-Mono+Code-Sel",
          "L2-Mono+Code-Stag",
        ],
        message:
          "no stack makes the corpora that these cells would wait for: mixcpt:revisions.bigcode/the-stack-dedup is " +
          `"${"5".repeat(40)}" here and "${otherCommit}" in Pulumi.corpora.yaml; keep one of the two, and ${advice}`,
      },
    ]);
  });

  it.each(["LumiOpen/Viking-7B", "cis-lmu/glotlid"])(
    "are reported for all cells if the commit of %s differs",
    (repository) => {
      expect(
        summarizeMissingCorpora(
          parseFamilyWith({ "mixcpt:revisions": { ...commits, [repository]: otherCommit } }),
          parseCorporaWith(),
        ),
      ).toEqual([[12, expect.stringContaining(`mixcpt:revisions.${repository} is "${otherCommit}" here`)]]);
    },
  );

  it("are reported if only one file gives the commit of a benchmark, whose texts are removed from them", () => {
    const family = parseFamilyWith({ "mixcpt:revisions": { ...commits, "Davlan/sib200": otherCommit } });
    expect(summarizeMissingCorpora(family, parseCorporaWith())).toEqual([
      [
        12,
        `mixcpt:revisions.Davlan/sib200 is "${otherCommit}" here and not given in Pulumi.corpora.yaml; ` +
          `keep one of the two, and ${advice}`,
      ],
    ]);
  });

  it("are not reported if only the commit of the model that reads them differs", () => {
    expect(
      summarizeMissingCorpora(
        parseFamilyWith({ "mixcpt:revisions": { ...commits, "meta-llama/Llama-2-7b-hf": otherCommit } }),
        parseCorporaWith(),
      ),
    ).toEqual([]);
  });

  it("are reported if the stack of corpora leaves their mixtures out, or if the cluster has no such stack", () => {
    const corpora = parseCorporaWith({
      "mixcpt:axes": { data: ["Mono", "Bi", "Mono+Code"], categories: ["Alt", "Sel", "Stag"] },
    });
    expect(summarizeMissingCorpora(parseFamilyWith(), corpora)).toEqual([
      [3, `Pulumi.corpora.yaml leaves their mixtures out; ${advice}, or add them to its mixcpt:axes`],
    ]);
    expect(summarizeMissingCorpora(parseFamilyWith())).toEqual([
      [12, "no stack of kind corpora has mixcpt:cluster lumi; add one or change mixcpt:cluster"],
    ]);
  });

  it("are not reported if one of several stacks makes them", () => {
    expect(
      summarizeMissingCorpora(
        parseFamilyWith(),
        parseCorporaWith({ "mixcpt:revisions": { ...commits, "cis-lmu/glotlid": otherCommit } }),
        parseCorporaWith(),
      ),
    ).toEqual([]);
  });

  it("are reported if a category has another count of words", () => {
    const buildCategoryValues = (words: number) => ({
      "mixcpt:axes": { data: ["Mono"], categories: ["Nguni"] },
      "mixcpt:categories": {
        Nguni: { title: "Nguni", training: ["zul_Latn"], words: { monolingual: { zul_Latn: words } } },
      },
    });
    expect(
      summarizeMissingCorpora(parseFamilyWith(buildCategoryValues(1000)), parseCorporaWith(buildCategoryValues(1000))),
    ).toEqual([]);
    expect(
      summarizeMissingCorpora(parseFamilyWith(buildCategoryValues(1000)), parseCorporaWith(buildCategoryValues(2000))),
    ).toEqual([
      [
        1,
        expect.stringMatching(
          /^mixcpt:categories\.Nguni\.words is .*1000.* here and .*2000.* in Pulumi\.corpora\.yaml; keep one of/,
        ),
      ],
    ]);
  });

  it("are reported with the key and its value as in the file if a source or the shares differ", () => {
    const buildMixtureValues = ({ revision = "7".repeat(40), repeat = 4, license = "cc0-1.0" } = {}) => ({
      "mixcpt:axes": { data: ["Wiki"], categories: ["Alt"] },
      "mixcpt:mixtures": { Wiki: { shares: { monolingual: 0.5, wiki: 0.5 }, words: 60_000_000, repeat } },
      "mixcpt:sources": {
        wiki: { repository: "a/wiki", revision, license, files: ["{code}"], format: "jsonl", languages: ["eng_Latn"] },
      },
    });
    const summarizeDifference = (changes: Parameters<typeof buildMixtureValues>[0]) =>
      summarizeMissingCorpora(parseFamilyWith(buildMixtureValues()), parseCorporaWith(buildMixtureValues(changes)));
    expect(summarizeDifference({ license: "cc-by-4.0" })).toEqual([]);
    expect(summarizeDifference({ revision: otherCommit })).toEqual([
      [
        1,
        expect.stringMatching(/^mixcpt:sources\.wiki is .*"7{40}".* here and .*"6{40}".* in Pulumi[^,]*; keep one of/),
      ],
    ]);
    expect(summarizeDifference({ repeat: 1 })).toEqual([
      [
        1,
        'mixcpt:mixtures.Wiki is {"repeat":4,"shares":{"monolingual":0.5,"wiki":0.5},"temperature":1,' +
          '"words":60000000} here and {"repeat":1,"shares":{"monolingual":0.5,"wiki":0.5},"temperature":1,' +
          '"words":60000000} ' +
          `in Pulumi.corpora.yaml; keep one of the two, and ${advice}`,
      ],
    ]);
  });

  it("are not reported for the miniature, whose own stack makes them", () => {
    const tiny = parseStack("dev", {
      "mixcpt:family": "tiny",
      "mixcpt:protocol": "miniature",
      "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
    }) as FamilyConfig;
    expect(summarizeMissingCorpora(tiny)).toEqual([]);
  });
});
