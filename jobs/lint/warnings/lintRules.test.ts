/** Each rule on a case that it must report and on one that it must not. */
import { readFileSync } from "node:fs";
import { bilingual, faultlessCell, last, stagnant, withSetting } from "./lintCells.fixture.ts";
import { runLintRules, lintRules } from "./lintRules.ts";
import type { LintCell } from "./lintRule.ts";

const heldOutNowhere = [faultlessCell, bilingual].map((cell) => withSetting(cell, { val_size: undefined }));

const zulu = { source: "monolingual", language: "zul_Latn", repeat: 4 };

const cases: Record<string, { hazardous: LintCell[]; harmless: LintCell[]; message: RegExp; cells?: string[] }> = {
  "does-not-fit": {
    hazardous: [{ ...faultlessCell, memory: { neededGB: 60, usableGB: 57.6 } }],
    harmless: [faultlessCell],
    message: /needs 60\.0 GB, but only 57\.6 GB are usable.*per_device_train_batch_size/,
  },
  "bound-by-the-network": {
    hazardous: [
      {
        ...faultlessCell,
        step: {
          ...faultlessCell.step,
          network: 18.7,
          utilization: { low: 0.02, high: 0.027 },
          boundBy: "network between nodes",
        },
      },
    ],
    harmless: [faultlessCell],
    message: /sends for 18\.7 s at 11 GB\/s per node \(roce-100g\).*2\.7 % of the peak.*zero: hpz or 2/,
  },
  "overwrite-on-restart": {
    hazardous: [withSetting(faultlessCell, { overwrite_output_dir: true })],
    harmless: [withSetting(faultlessCell, { overwrite_output_dir: false })],
    message: /begins at step 0/,
  },
  "unexplained-difference": {
    hazardous: [faultlessCell, bilingual, stagnant, withSetting(last, { learning_rate: 1e-5 })],
    harmless: [
      faultlessCell,
      withSetting(bilingual, { learning_rate: 1e-5 }),
      stagnant,
      withSetting(last, { learning_rate: 1e-5 }),
    ],
    message: /learning_rate is unset in 3 cells, 0\.00001 in 1 cell: no single axis/,
    cells: ["L2-Bi-Stag"],
  },
  "follows-an-axis": {
    hazardous: [faultlessCell, withSetting(bilingual, { cutoff_len: 4096 }), stagnant],
    harmless: [faultlessCell, withSetting(bilingual, { logging_steps: 1 }), stagnant],
    message: /^cutoff_len is 2048 in 2 cells, 4096 in 1 cell: an alias of the data, /,
    cells: ["L2-Bi-Alt"],
  },
  "ends-before-its-checkpoint": {
    hazardous: [{ ...faultlessCell, stepRange: { low: 900, high: 999 } }],
    harmless: [faultlessCell],
    message: /^the run ends at step 999, but its checkpoint of step 1000 is evaluated; name last/,
  },
  "may-end-before-its-checkpoint": {
    hazardous: [{ ...faultlessCell, stepRange: { low: 900, high: 1200 } }],
    harmless: [
      { ...faultlessCell, stepRange: { low: 1000, high: 1200 } },
      // only the last checkpoint is evaluated, at whatever step
      { ...faultlessCell, namedStep: undefined, stepRange: { low: 900, high: 1200 } },
    ],
    message: /at the low end of the estimated tokens the run ends before its evaluated checkpoint/,
  },
  "held-out-in-some": {
    hazardous: [faultlessCell, withSetting(bilingual, { val_size: 0 })],
    harmless: heldOutNowhere,
    message: /val_size holds part of the data out in 1 cell and nothing in 1 cell/,
    cells: ["L2-Bi-Alt"],
  },
  "timeout-of-years": {
    hazardous: [withSetting(faultlessCell, { ddp_timeout: 180_000_000 })],
    harmless: [withSetting(faultlessCell, { ddp_timeout: undefined })],
    message: /180000000 s \(2083 days\)/,
  },
  "template-in-pretraining": {
    hazardous: [withSetting(faultlessCell, { template: "alpaca" })],
    harmless: [withSetting(faultlessCell, { template: "alpaca", stage: "sft" })],
    message: /"alpaca" and stage is pt/,
  },
  "other-sequence-length": {
    hazardous: [{ ...faultlessCell, inferredLength: 1024 }],
    harmless: [faultlessCell, { ...withSetting(faultlessCell, { cutoff_len: 1024 }), inferredLength: 1024 }],
    message: /^the sequence length is 2048, but the published steps suppose 1024/,
  },
  "evaluated-before-the-end": {
    hazardous: [{ ...faultlessCell, evaluatedStep: 500 }],
    harmless: [faultlessCell],
    message: /50 % of the training comes after it/,
  },
  "saves-far-from-the-best": {
    hazardous: [
      {
        ...faultlessCell,
        interval: { actualSeconds: 13_680, bestSeconds: 5071, lostShare: { actual: 0.09, best: 0.059 } },
      },
    ],
    harmless: [
      {
        ...faultlessCell,
        trainedSteps: 500,
        interval: { actualSeconds: 13_680, bestSeconds: 5071, lostShare: { actual: 0.09, best: 0.059 } },
      },
    ],
    message: /every 3\.8 h \(save_steps 500\).*every 84 min \(save_steps 185\) loses 6 % of the time instead of 9 %/,
  },
  "left-to-defaults": {
    hazardous: [withSetting(faultlessCell, { seed: undefined, cutoff_len: undefined })],
    harmless: [faultlessCell],
    message: /cutoff_len and seed are not set/,
  },
  "not-as-published": {
    hazardous: [{ ...faultlessCell, inferredLength: 2048, axes: { ...faultlessCell.axes, learning_rate: "4e-5" } }],
    harmless: [{ ...faultlessCell, axes: { ...faultlessCell.axes, learning_rate: "4e-5" } }],
    message: /^learning_rate is an axis, so the recipes are not as published/,
  },
  "benchmark-not-removed": {
    hazardous: [{ ...faultlessCell, benchmarks: { ...faultlessCell.benchmarks, taxi1500: {} } }],
    harmless: [faultlessCell],
    message: /texts of taxi1500 are not removed from the corpora/,
  },
  "text-runs-out": {
    hazardous: [{ ...faultlessCell, readings: [{ ...zulu, readings: 5.23 }] }],
    harmless: [faultlessCell, { ...faultlessCell, readings: [{ ...zulu, readings: 4 }] }],
    message: /the budget needs monolingual zul_Latn 5\.2 times, but repeat allows 4: /,
  },
  "text-repeats": {
    hazardous: [withSetting({ ...faultlessCell, readings: [{ ...zulu, readings: 3 }] }, { num_train_epochs: 2 })],
    harmless: [withSetting({ ...faultlessCell, readings: [{ ...zulu, readings: 0.5 }] }, { num_train_epochs: 4 })],
    message: /^training reads monolingual zul_Latn 6 times \(2 epochs of the mixture\); beyond 4 times/,
  },
};

/** Findings about a whole stack, which no rule on cells reports. */
const stackRules = ["not-pinned", "gated-without-token", "corpus-not-made", "run-of-two-stacks", "name-of-two-runs"];

function findByRule(rule: string, cells: readonly LintCell[]) {
  return runLintRules(cells).filter((finding) => finding.rule === rule);
}

describe("the lint rules", () => {
  it("each have a test case", () => {
    expect(Object.keys(cases).sort()).toEqual(lintRules.map(({ name }) => name).sort());
  });

  it("each have a section in docs/lint.md, which has no others but those about stacks", () => {
    const sections = [...readFileSync("docs/lint.md", "utf8").matchAll(/^## `([a-z-]+)`/gm)].map(([, name]) => name);
    expect(sections).toEqual([...stackRules, ...lintRules.map(({ name }) => name)]);
  });

  it("report nothing for a faultless matrix", () => {
    expect(runLintRules([faultlessCell, bilingual, stagnant, last])).toEqual([]);
  });

  it("report nothing without cells", () => {
    expect(runLintRules([])).toEqual([]);
  });
});

describe.each(Object.entries(cases))("the rule %s", (rule, { hazardous, harmless, message, cells }) => {
  it("reports the hazard and its cells", () => {
    const [finding, ...more] = findByRule(rule, hazardous);
    expect(finding?.message).toMatch(message);
    expect(finding?.cells).toEqual(cells ?? [faultlessCell.id]);
    expect(more).toEqual([]);
  });

  it("reports nothing for other cells", () => {
    expect(findByRule(rule, harmless)).toEqual([]);
  });
});

describe("aliases", () => {
  const findAliases = (cells: readonly LintCell[]) =>
    findByRule("follows-an-axis", cells).map((finding) => [
      finding.message.split(": ")[1]?.split(",")[0],
      finding.cells,
    ]);

  it.each([
    ["epochs", { num_train_epochs: 5 }],
    ["the learning rate", { learning_rate: 1e-5 }],
    ["the held-out share", { val_size: 0.02 }],
  ])("are reported for %s", (_, setting) => {
    expect(findAliases([faultlessCell, withSetting(stagnant, setting)])).toEqual([
      ["an alias of the category", ["L2-Mono-Stag"]],
    ]);
  });

  it("are not the values of an axis that the stack adds, but what follows it", () => {
    const varySeed = (seed: number, more: object): LintCell => ({
      ...withSetting(faultlessCell, { seed, ...more }),
      id: `L2-Mono-Alt-seed${String(seed)}`,
      axes: { ...faultlessCell.axes, seed: String(seed) },
    });
    expect(findAliases([varySeed(1, {}), varySeed(2, {})])).toEqual([]);
    expect(findByRule("unexplained-difference", [varySeed(1, {}), varySeed(2, {}), bilingual])).toEqual([]);
    expect(findAliases([varySeed(1, {}), varySeed(2, { learning_rate: 1e-5 })])).toEqual([
      ["an alias of the seed", ["L2-Mono-Alt-seed2"]],
    ]);
  });

  it("are reported across families, and for the devices that multiply the batch", () => {
    const other = { ...faultlessCell, id: "L3-Mono-Alt", axes: { ...faultlessCell.axes, family: "llama-3.1" } };
    expect(findAliases([faultlessCell, { ...other, devices: 16 }])).toEqual([
      ["an alias of the family", ["L3-Mono-Alt"]],
    ]);
  });
});

describe("lint findings", () => {
  it("list errors first", () => {
    const cell = withSetting(faultlessCell, { seed: undefined, template: "alpaca", overwrite_output_dir: true });
    expect(runLintRules([cell]).map(({ severity }) => severity)).toEqual(["error", "warning", "note"]);
  });

  it("join cells with the same message", () => {
    const findings = findByRule(
      "left-to-defaults",
      [faultlessCell, bilingual].map((cell) => withSetting(cell, { seed: undefined })),
    );
    expect(findings.map((finding) => finding.cells)).toEqual([["L2-Mono-Alt", "L2-Bi-Alt"]]);
  });

  it("join settings that differ in the same cells", () => {
    const odd = withSetting(last, { learning_rate: 1e-5, warmup_ratio: 0 });
    const findings = findByRule("unexplained-difference", [faultlessCell, bilingual, stagnant, odd]);
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/learning_rate is .*; warmup_ratio is /),
    ]);
  });

  it("propose the save_steps of the best interval, whether or not they divide the evaluated step", () => {
    const interval = { actualSeconds: 13_680, bestSeconds: 5071, lostShare: { actual: 0.09, best: 0.059 } };
    const [finding] = findByRule("saves-far-from-the-best", [{ ...faultlessCell, evaluatedStep: 500, interval }]);
    expect(finding?.message).toMatch(/\(save_steps 185\) loses .*; a run with other save_steps .* starts again$/);
  });

  it("tell a run that stops at the evaluated step from one that continues", () => {
    const stopped = { ...faultlessCell, evaluatedStep: 600, trainedSteps: 600 };
    const [first, second] = findByRule("evaluated-before-the-end", [stopped, { ...bilingual, evaluatedStep: 600 }]);
    expect(first).toMatchObject({ cells: ["L2-Mono-Alt"], message: expect.stringMatching(/^training stops .* 40 %/) });
    expect(second).toMatchObject({ cells: ["L2-Bi-Alt"], message: expect.stringContaining("stop: evaluated") });
  });
});
