/** A category, a mixture or a commit that is written once: stacks that name the corpora stack that makes their text. */
import { buildProvisionalExperiment, parseStackConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { hubRepositories } from "../../jobs/matrix/index.ts";
import type { StackFile } from "../../jobs/config/index.ts";
import { catchProblems } from "../support/configErrors.ts";

type Values = Readonly<Record<string, unknown>>;

const nguni = {
  title: "Nguni",
  training: ["zul_Latn", "xho_Latn"],
  words: { monolingual: { eng_Latn: 20000000, zul_Latn: 9499876, xho_Latn: 9000000 } },
};
const bothWords = {
  ...nguni.words,
  bilingual: { "eng_Latn-zul_Latn": [1000, 1000], "eng_Latn-xho_Latn": [1000, 1000] },
};
const axes = { data: ["Mono"], categories: ["Nguni"] };
const family = {
  "mixcpt:family": "viking",
  "mixcpt:protocol": "uniform",
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
  "mixcpt:cluster": "lumi",
  "mixcpt:corpora": "corpora",
};
const corpora = { "mixcpt:kind": "corpora", "mixcpt:cluster": "lumi" };
const commits = Object.fromEntries(hubRepositories.map((repository) => [repository, "5a".repeat(20)]));

/** Builds the files of a checkout in which each finds the others. */
function makeCheckout(values: Readonly<Record<string, Values>>): Map<string, StackFile> {
  const files: StackFile[] = Object.entries(values).map(([stack, one]) => ({
    stack,
    file: `Pulumi.${stack}.yaml`,
    values: one,
    listOthers: () => files.filter((other) => other.stack !== stack),
  }));
  return new Map(files.map((file) => [file.stack, file]));
}

function requireFile(checkout: ReadonlyMap<string, StackFile>, stack: string): StackFile {
  const file = checkout.get(stack);
  if (file === undefined) throw new Error(`no stack ${stack}`);
  return file;
}

function parseStack(values: Readonly<Record<string, Values>>, stack: string) {
  return parseStackConfig(requireFile(makeCheckout(values), stack));
}

function buildStack(values: Readonly<Record<string, Values>>, stack: string) {
  return buildProvisionalExperiment(parseStack(values, stack), gpuCluster);
}

function listMixtures(values: Readonly<Record<string, Values>>): string[] {
  return buildStack(values, "corpora").mixtures.map(({ mixture }) => `${mixture.data}-${mixture.category}`);
}

function listCorpora(values: Readonly<Record<string, Values>>): string[] {
  return buildStack(values, "corpora").mixtures.map(({ corpus }) => corpus.path);
}

function explain(values: Readonly<Record<string, Values>>, stack: string): string[] {
  return catchProblems(() => parseStack(values, stack)).map(
    ({ rule, path, value, message }) => `${rule} ${path} = ${JSON.stringify(value)}: ${message}`,
  );
}

describe("a stack of corpora", () => {
  it("makes what the cells of a stack that names it read, and no other combination with its additions", () => {
    const added = { ...family, "mixcpt:categories": { Nguni: nguni }, "mixcpt:axes": axes };
    const alone = listMixtures({ corpora });
    expect(listMixtures({ corpora, nguni: added })).toEqual([...alone, "Mono-Nguni"]);
    expect(alone).toHaveLength(12);
  });

  it("makes a mixture once that several stacks read", () => {
    const added = { ...family, "mixcpt:categories": { Nguni: nguni }, "mixcpt:axes": axes };
    const seeds = { ...added, "mixcpt:axes": { ...axes, data: ["Mono", "Mono+Code"], seed: [1, 2] } };
    const mixtures = listMixtures({ corpora, added, seeds });
    expect(mixtures.slice(12).sort()).toEqual(["Mono+Code-Nguni", "Mono-Nguni"]);
  });

  it("makes of its own additions what stacks read, or all if none names it", () => {
    const adding = { ...corpora, "mixcpt:categories": { Nguni: { ...nguni, words: bothWords } } };
    expect(listMixtures({ corpora: adding })).toHaveLength(16);
    expect(listMixtures({ corpora: adding, nguni: { ...family, "mixcpt:axes": axes } }).slice(12)).toEqual([
      "Mono-Nguni",
    ]);
  });

  it("ignores the stacks that do not name it", () => {
    const unlinked = {
      ...family,
      "mixcpt:categories": { Nguni: nguni },
      "mixcpt:axes": axes,
      "mixcpt:corpora": undefined,
    };
    expect(listMixtures({ corpora, nguni: unlinked })).toHaveLength(12);
  });

  it("refuses a name that two of its stacks define differently, with both values and files", () => {
    const first = { ...family, "mixcpt:categories": { Nguni: nguni }, "mixcpt:axes": axes };
    const second = { ...first, "mixcpt:categories": { Nguni: { ...nguni, title: "Nguni languages" } } };
    expect(explain({ corpora, first, second }, "corpora")).toEqual([
      expect.stringMatching(
        /^set-twice mixcpt:categories\.Nguni.*in Pulumi\.first\.yaml and \{"title":"Nguni languages".* in Pulumi\.second\.yaml, which both name this stack; rename one of the two$/,
      ),
    ]);
  });

  it("shows the problems of a stack that names it with the name of that file", () => {
    const broken = { ...family, "mixcpt:axes": { data: ["Mno"] } };
    expect(() => parseStack({ corpora, broken }, "corpora")).toThrow(/^Pulumi\.broken\.yaml cannot be used:\n.*"Mno"/);
  });
});

describe("a stack that names its corpora stack", () => {
  const shared = { ...corpora, "mixcpt:categories": { Nguni: nguni }, "mixcpt:revisions": commits };

  it("has its categories and commits, and reads a corpus that it makes", () => {
    const checkout = { corpora: shared, nguni: { ...family, "mixcpt:axes": axes } };
    const [cell] = buildStack(checkout, "nguni").cells;
    expect(cell?.cell.id).toBe("V7-Mono-Nguni");
    expect(listCorpora(checkout)).toContain(cell?.run.corpus);
  });

  it("keeps the names of its runs when a category moves from its file to that of the corpora", () => {
    const inFamily = {
      corpora: { ...corpora, "mixcpt:revisions": commits },
      nguni: { ...family, "mixcpt:categories": { Nguni: nguni }, "mixcpt:axes": axes },
    };
    const listRuns = (values: Readonly<Record<string, Values>>): string[] =>
      buildStack(values, "nguni").cells.map(({ run }) => run.name);
    const inCorpora = { corpora: shared, nguni: { ...family, "mixcpt:axes": axes } };
    expect(listRuns(inCorpora)).toEqual(listRuns(inFamily));
  });

  it("gets no new cells from what the corpora stack adds", () => {
    expect(buildStack({ corpora: shared, viking: family }, "viking").cells).toHaveLength(12);
  });

  it("may repeat an entry of the corpora stack, and is refused if it changes one", () => {
    const repeated = { ...family, "mixcpt:categories": { Nguni: nguni }, "mixcpt:axes": axes };
    expect(explain({ corpora: shared, repeated }, "repeated")).toEqual([]);
    const changed = { ...family, "mixcpt:revisions": { "cis-lmu/glotlid": "6b".repeat(20) } };
    expect(explain({ corpora: shared, changed }, "changed")).toEqual([
      `set-twice mixcpt:revisions.cis-lmu/glotlid = "${"6b".repeat(20)}": ` +
        `Pulumi.corpora.yaml has "${"5a".repeat(20)}", which holds here, too; remove one of the two`,
    ]);
  });

  it.each([
    ["a stack that does not exist", { "mixcpt:corpora": "corpra" }, 'allowed: corpora; did you mean "corpora"?'],
    ["a stack of another kind", { "mixcpt:corpora": "other" }, "not a stack of kind corpora; allowed: corpora"],
    ["a stack of another cluster", { "mixcpt:cluster": "lab" }, "Pulumi.corpora.yaml has mixcpt:cluster lumi and"],
    ["text for the tiny family", { "mixcpt:family": "tiny" }, "the family tiny makes its own text; remove the key"],
  ])("is refused if it names %s", (_, changes, message) => {
    const problems = explain({ corpora, other: family, mine: { ...family, ...changes } }, "mine");
    expect(problems).toContainEqual(expect.stringMatching(/^not-allowed mixcpt:corpora = /));
    expect(problems).toContainEqual(expect.stringContaining(message));
  });

  it("is told in which file a value is written that it cannot use", () => {
    const categories = { English: { title: "English", training: ["eng_Latn"] } };
    const mine = { ...family, "mixcpt:axes": { data: ["Mono"], categories: ["English"] } };
    const checkout = {
      corpora: { ...corpora, "mixcpt:categories": categories, "mixcpt:axes": { data: ["Mono"], categories: ["Alt"] } },
      mine,
    };
    expect(explain(checkout, "mine")).toContainEqual(
      expect.stringMatching(
        /^benchmark-lacks-language mixcpt:categories\.English.*\(written in Pulumi\.corpora\.yaml\)$/,
      ),
    );
  });

  it("is refused with the problems of the corpora stack's own file", () => {
    const checkout = { corpora: { ...corpora, "mixcpt:revisions": { nothing: "main" } }, mine: family };
    expect(() => parseStack(checkout, "mine")).toThrow(/^Pulumi\.corpora\.yaml cannot be used:/);
  });
});
