import { anyStackConfig } from "../experiment.ts";
import { gpuCluster } from "../kube/outputs.fixture.ts";
import type { CorporaConfig, StackConfig } from "../matrix/index.ts";
import { repositories } from "../matrix/index.ts";
import { unmadeCorpora } from "./corpora.ts";

const commits = Object.fromEntries(repositories.map((repository) => [repository, "5".repeat(40)]));
const other = "6".repeat(40);

const read = (stack: string, values: Record<string, unknown>) => anyStackConfig({ stack, file: `Pulumi.${stack}.yaml`, values: { "mixcpt:cluster": "lumi", "mixcpt:revisions": commits, ...values } });
const familyWith = (values: Record<string, unknown> = {}) =>
  read("llama-2", { "mixcpt:family": "llama-2", "mixcpt:protocol": "uniform", "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 }, ...values }) as StackConfig;
const corporaWith = (values: Record<string, unknown> = {}) => read("corpora", { "mixcpt:kind": "corpora", ...values }) as CorporaConfig;

const found = (family: StackConfig, ...makers: CorporaConfig[]) => unmadeCorpora(family, makers, gpuCluster).map(({ cells, message }) => [cells.length, message.replace(/^.*would wait for them: /, "")]);

describe("the corpora of a family", () => {
  it("are made where both files name the same commits, or both leave them open", () => {
    expect(found(familyWith(), corporaWith())).toEqual([]);
    expect(found(familyWith({ "mixcpt:revisions": {} }), corporaWith({ "mixcpt:revisions": {} }))).toEqual([]);
  });

  it("are not made where a commit differs, and the key and both values are named for the cells that read it", () => {
    const corpora = corporaWith({ "mixcpt:revisions": { ...commits, "bigcode/the-stack-dedup": other } });
    expect(unmadeCorpora(familyWith(), [corpora], gpuCluster)).toEqual([
      {
        rule: "corpus-not-made",
        severity: "error",
        cells: ["L2-Bi+Code-Alt", "L2-Bi+Code-Sel", "L2-Bi+Code-Stag", "L2-Mono+Code-Alt", "L2-Mono+Code-Sel", "L2-Mono+Code-Stag"],
        message: `no stack makes the corpora of these cells, which would wait for them: mixcpt:revisions.bigcode/the-stack-dedup is "${"5".repeat(40)}" here and "${other}" in Pulumi.corpora.yaml`,
      },
    ]);
  });

  it.each(["LumiOpen/Viking-7B", "cis-lmu/glotlid"])("are all others with another commit of %s", (repository) => {
    expect(found(familyWith({ "mixcpt:revisions": { ...commits, [repository]: other } }), corporaWith())).toEqual([[12, expect.stringContaining(`mixcpt:revisions.${repository} is "${other}" here`)]]);
  });

  it("are others where the benchmarks that are removed come from elsewhere, and the missing commit is said to be not given", () => {
    const family = familyWith({ "mixcpt:revisions": { ...commits, "Davlan/sib200": other } });
    expect(found(family, corporaWith())).toEqual([[12, `mixcpt:revisions.Davlan/sib200 is "${other}" here and not given in Pulumi.corpora.yaml`]]);
  });

  it("do not depend on the commit of the model that reads them", () => {
    expect(found(familyWith({ "mixcpt:revisions": { ...commits, "meta-llama/Llama-2-7b-hf": other } }), corporaWith())).toEqual([]);
  });

  it("are not made where the stack of corpora leaves their mixtures out, or is on another cluster", () => {
    const corpora = corporaWith({ "mixcpt:axes": { data: ["Mono", "Bi", "Mono+Code"], categories: ["Alt", "Sel", "Stag"] } });
    expect(found(familyWith(), corpora)).toEqual([[3, "Pulumi.corpora.yaml has no such mixture (mixcpt:axes)"]]);
    expect(found(familyWith())).toEqual([[12, "no stack of kind corpora has mixcpt:cluster lumi"]]);
  });

  it("are made as soon as one of several stacks makes them", () => {
    expect(found(familyWith(), corporaWith({ "mixcpt:revisions": { ...commits, "cis-lmu/glotlid": other } }), corporaWith())).toEqual([]);
  });

  it("are others where a category counts other tokens", () => {
    const category = (tokens: number) => ({ "mixcpt:axes": { data: ["Mono"], categories: ["Nguni"] }, "mixcpt:categories": { Nguni: { title: "Nguni", training: ["zul_Latn"], tokens: { monolingual: { zul_Latn: tokens } } } } });
    expect(found(familyWith(category(1000)), corporaWith(category(1000)))).toEqual([]);
    expect(found(familyWith(category(1000)), corporaWith(category(2000)))).toEqual([[1, expect.stringMatching(/^mixcpt:categories\.Nguni\.tokens is .*1000.* here and .*2000.* in Pulumi\.corpora\.yaml$/)]]);
  });

  it("of the miniature are made by its own stack", () => {
    const tiny = read("dev", { "mixcpt:family": "tiny", "mixcpt:protocol": "miniature", "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 } }) as StackConfig;
    expect(found(tiny)).toEqual([]);
  });
});
