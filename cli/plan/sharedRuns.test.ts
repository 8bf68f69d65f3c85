/** Stacks that are planned together and name the same cells. Their files are in a temporary folder. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { projectDirectories } from "../engine/stackDeclarations.ts";
import { buildPlansFromFiles } from "./planOnCluster.ts";

const family = {
  "mixcpt:family": "viking",
  "mixcpt:protocol": "uniform",
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
  "mixcpt:axes": { data: ["Mono"], categories: ["Stag", "Alt"] },
  "mixcpt:cluster": "lumi",
};
const corpora = { "mixcpt:kind": "corpora", "mixcpt:cluster": "lumi" };

let folder: string;
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** Declares stacks, plans them together, and returns the findings about what two of them share. */
function findShared(files: Record<string, object>) {
  folder = mkdtempSync(join(tmpdir(), "mixcpt-shared-"));
  for (const [stack, config] of Object.entries(files))
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
  jest.replaceProperty(projectDirectories, "mixcpt", folder);
  const findings = buildPlansFromFiles(Object.keys(files), () => ({})).flatMap(({ plan }) => plan.openFindings);
  return findings
    .filter(({ rule }) => rule.includes("-two-"))
    .map(({ rule, severity, cells, message }) => [`${severity} ${rule}`, cells.join(), message]);
}

describe("stacks that are planned together", () => {
  it("are told the runs that both would submit to one cluster, with both files", () => {
    const one = { ...family, "mixcpt:axes": { data: ["Mono"], categories: ["Stag"] } };
    expect(findShared({ viking: family, again: one })).toEqual([
      [
        "error run-of-two-stacks",
        "V7-Mono-Stag",
        'Pulumi.viking.yaml and Pulumi.again.yaml submit the same runs to cluster "lumi", and an object belongs to ' +
          "one stack: up of the second one fails at them, and may have submitted others before; select other cells with " +
          "mixcpt:axes in one of the files, or change their recipes there",
      ],
    ]);
  });

  it("may have the same run on different clusters", () => {
    expect(findShared({ viking: family, elsewhere: { ...family, "mixcpt:cluster": "lab" } })).toEqual([]);
  });

  it("are told the mixtures that two stacks of corpora would make", () => {
    const one = { ...corpora, "mixcpt:axes": { data: ["Bi"], categories: ["Sel"] } };
    const [finding, ...others] = findShared({ corpora, again: one });
    expect(finding?.slice(0, 2)).toEqual(["error run-of-two-stacks", "Bi-Sel"]);
    expect(others).toEqual([]);
  });

  it("are told the settings of a cell that they train differently", () => {
    const overrides = { "V7-Mono-Alt": { learning_rate: 1e-5 } };
    const faster = { ...family, "mixcpt:overrides": overrides, "mixcpt:axes": { data: ["Mono"], categories: ["Alt"] } };
    expect(findShared({ viking: family, faster })).toEqual([
      [
        "note name-of-two-runs",
        "V7-Mono-Alt",
        "Pulumi.viking.yaml and Pulumi.faster.yaml have different runs of one name: learning_rate is 0.00004 and " +
          "0.00001; their objects and folders differ, too, and a report of both names the stack of each",
      ],
    ]);
  });

  it("have repetitions of a cell if only the seed differs, and are told of other text", () => {
    const seeds = [1, 2].map((seed) => ({ ...family, "mixcpt:overrides": { "*": { seed } } }));
    expect(findShared({ first: seeds[0] ?? {}, second: seeds[1] ?? {} })).toEqual([
      ["note name-of-two-runs", "V7-Mono-Alt,V7-Mono-Stag", expect.stringContaining("seed is 1 and 2; ")],
    ]);
    rmSync(folder, { recursive: true });
    const mixtures = ["0.4", "0.2"].map((code) => ({
      ...family,
      "mixcpt:mixtures": { Mine: { shares: { monolingual: 1 - Number(code), code: Number(code) }, tokens: 4e8 } },
      "mixcpt:axes": { data: ["Mine"], categories: ["Alt"] },
    }));
    expect(findShared({ first: mixtures[0] ?? {}, second: mixtures[1] ?? {} })).toEqual([
      ["note name-of-two-runs", "V7-Mine-Alt", expect.stringContaining("of one name: the text differs; ")],
    ]);
  });

  it("are told of another commit of the base model", () => {
    const models = ["5a", "6b"].map((commit) => ({
      ...family,
      "mixcpt:revisions": { "LumiOpen/Viking-7B": commit.repeat(20) },
    }));
    expect(findShared({ first: models[0] ?? {}, second: models[1] ?? {} })).toEqual([
      ["note name-of-two-runs", "V7-Mono-Alt,V7-Mono-Stag", expect.stringContaining("the base model differs; ")],
    ]);
  });

  it("have no such finding alone", () => {
    expect(findShared({ viking: family })).toEqual([]);
  });
});
