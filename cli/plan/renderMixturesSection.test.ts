import { parseStackConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildPlanOnCluster } from "./planOnCluster.ts";
import { renderPlanReport } from "./planReport.ts";
import { markdownStyle, terminalStyle } from "./planStyle.ts";

function buildPlannedCorpora(stack: string, values: Record<string, unknown>) {
  return buildPlanOnCluster(parseStackConfig({ stack, file: `Pulumi.${stack}.yaml`, values }), gpuCluster);
}

const corpora = buildPlannedCorpora("corpora", { "mixcpt:kind": "corpora", "mixcpt:cluster": "lumi" });
const viking = buildPlannedCorpora("viking", {
  "mixcpt:family": "viking",
  "mixcpt:protocol": "uniform",
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
});
const text = renderPlanReport([corpora], [{ unavailable: "there is no cluster lumi here" }], terminalStyle);

describe("the plan of a stack of corpora for the terminal", () => {
  it("has a row per mixture: tokens by source, languages, disk, and what its pod asks for", () => {
    const rows = text.split("\n").filter((line) => line.endsWith("16Gi"));
    expect(rows).toHaveLength(12);
    expect(rows.find((row) => row.startsWith("Mono+Code-Alt "))).toMatch(
      /142 M +92\.1 M +0 +50 M +6 +711 MB +1\.42 GB +8 +16Gi$/,
    );
  });

  it("adds up: tokens, disk, and no hours of GPUs", () => {
    expect(text).toContain("12 mixtures: 1,441 M tokens, no GPU-hours");
    expect(text).toMatch(/disk: 16\.1 GB at most at a time.*corpora of 7\.2 GB stay/);
    expect(text).not.toMatch(/MI250X|waves|price/);
  });

  it("says of every mixture how many tokens of which language it has", () => {
    expect(text).toMatch(/^Mono\+Code-Stag +137 M +eng_Latn 43\.4 M, .*wol_Latn 554,809, code 50 M$/m);
  });

  it("finds what is open, like that of a family", () => {
    expect(text).toMatch(
      /error not-pinned \(Bi\+Code-Alt, Bi\+Code-Sel, Bi\+Code-Stag and 9 more\): no commit is given.*allenai\/MADLAD-400 \(monolingual text\)/,
    );
    expect(text.match(/error not-pinned/g)).toHaveLength(1);
    expect(text).toMatch(/error gated-without-token .*mixcpt:tokenSecret: bigcode\/the-stack-dedup is gated/);
  });

  it("has the formula of a corpus, and a family's only beside a family", () => {
    expect(text).toContain("corpus = 5 bytes · tokens");
    expect(text).not.toContain("GPU-hours = ");
    expect(renderPlanReport([viking], [{}], terminalStyle)).not.toContain("corpus = ");
  });
});

describe("corpora beside a family", () => {
  const both = renderPlanReport([corpora, viking], [{}, {}], terminalStyle);

  it("share its store and none of its nodes", () => {
    const parseDisk = (count: string) => new RegExp(`${count}: .*\\n  disk: ([\\d.]+) TB`).exec(both)?.[1];
    expect(both).toContain("all stacks, one after the other\n\n  12 cells and 12 mixtures: ");
    expect(Number(parseDisk("12 cells and 12 mixtures"))).toBeGreaterThan(Number(parseDisk("12 cells")));
    expect(both).toMatch(/GPU-hours = .*MI250X[^]*corpus = /);
  });
});

it("a plan for a page has the mixtures as a table of Markdown", () => {
  expect(renderPlanReport([corpora], [{}], markdownStyle)).toMatch(
    /^### corpora: 12 mixtures, made on the processors of lumi\n\n\| mixture \| tokens \| monolingual \|.*\n.*\n\| Bi\+Code-Alt \| 142 M \| 0 \| 92\.1 M \|/,
  );
});
