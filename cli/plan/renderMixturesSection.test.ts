import { parseStackConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildPlanOnCluster } from "./planOnCluster.ts";
import { renderPlanReport } from "./planReport.ts";
import { markdownStyle, buildTerminalStyle } from "./planStyle.ts";

function buildPlannedCorpora(stack: string, values: Record<string, unknown>) {
  return buildPlanOnCluster(parseStackConfig({ stack, file: `Pulumi.${stack}.yaml`, values }), gpuCluster);
}

const corpora = buildPlannedCorpora("corpora", { "mixcpt:kind": "corpora", "mixcpt:cluster": "lumi" });
const viking = buildPlannedCorpora("viking", {
  "mixcpt:family": "viking",
  "mixcpt:protocol": "uniform",
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
});
const text = renderPlanReport(
  [corpora],
  [{ unavailable: "there is no cluster lumi here" }],
  buildTerminalStyle(Infinity),
);

describe("the terminal plan of a stack of corpora", () => {
  it("has a row per mixture with tokens by source, languages, disk and the pod's requests", () => {
    const rows = text.split("\n").filter((line) => line.endsWith("16Gi"));
    expect(rows).toHaveLength(12);
    expect(rows.find((row) => row.startsWith("Mono+Code-Alt "))).toMatch(
      /485 M +435 M +0 +50 M +6 +2\.42 GB +4\.85 GB +8 +16Gi$/,
    );
  });

  it("sums up tokens and disk, and needs no GPU-hours", () => {
    expect(text).toContain("12 mixtures: 3,641 M tokens, no GPU-hours");
    expect(text).toMatch(/disk: 38\.1 GB at peak.*corpora of 18\.2 GB are kept/);
    expect(text).not.toMatch(/MI250X|waves|price/);
  });

  it("lists the tokens of each language for every mixture", () => {
    expect(text).toMatch(/^Mono\+Code-Stag +301 M +eng_Latn 51\.7 M, .*wol_Latn 1\.21 M, code 50 M$/m);
  });

  it("reports open settings, like the plan of a family", () => {
    expect(text).toMatch(
      /error not-pinned \(Bi\+Code-Alt, Bi\+Code-Sel, Bi\+Code-Stag and 9 more\): no commit is given/,
    );
    expect(text).toMatch(/no commit is given.*allenai\/MADLAD-400 \(monolingual text\)/);
    expect(text.match(/error not-pinned/g)).toHaveLength(1);
    expect(text).toMatch(/error gated-without-token .*mixcpt:tokenSecret: bigcode\/the-stack-dedup is gated/);
  });

  it("shows the formulas of a family only if the plan includes one", () => {
    expect(text).toContain("corpus = 5 bytes · tokens");
    expect(text).not.toContain("GPU-hours = ");
    expect(renderPlanReport([viking], [{}], buildTerminalStyle(Infinity))).not.toContain("corpus = ");
  });
});

describe("the plan of corpora and a family", () => {
  const both = renderPlanReport([corpora, viking], [{}, {}], buildTerminalStyle(Infinity));

  it("adds up the disk, and counts only the family's nodes", () => {
    const parseDisk = (count: string) => new RegExp(`${count}: .*\\n  disk: ([\\d.]+) TB`).exec(both)?.[1];
    expect(both).toContain("all stacks, one after another\n\n  12 cells and 12 mixtures: ");
    expect(Number(parseDisk("12 cells and 12 mixtures"))).toBeGreaterThan(Number(parseDisk("12 cells")));
    expect(both).toMatch(/GPU-hours = .*MI250X[^]*corpus = /);
  });
});

it("renders the mixtures as a Markdown table", () => {
  const [heading, , columns, , firstRow] = renderPlanReport([corpora], [{}], markdownStyle).split("\n");
  expect(heading).toBe("### corpora: 12 mixtures, built on the CPUs of lumi");
  expect(columns).toMatch(/^\| mixture \| tokens \| monolingual \|/);
  expect(firstRow).toMatch(/^\| Bi\+Code-Alt \| 370 M \| 0 \| 320 M \|/);
});
