/** Each rule on a case that it must find and on one that it must leave alone. */
import { readFileSync } from "node:fs";
import { runLintRules, lintRules } from "./lintRules.ts";
import type { LintCell } from "./lintRule.ts";

const faultlessCell: LintCell = {
  id: "L2-Mono-Alt",
  axes: { family: "llama-2", data: "Mono", category: "Alt" },
  recipe: {
    stage: "pt",
    template: "default",
    cutoff_len: 2048,
    seed: 42,
    save_total_limit: 2,
    ddp_timeout: 3600,
    val_size: 0.01,
  },
  steps: 1000,
  saveSteps: 500,
  evaluatedStep: 1000,
  memory: { neededGB: 46, usableGB: 57.6 },
  interval: { actualSeconds: 5000, bestSeconds: 5000, lostShare: { actual: 0.059, best: 0.059 } },
  benchmarks: { sib200: {}, flores200: {} },
};

const bilingual: LintCell = { ...faultlessCell, id: "L2-Bi-Alt", axes: { ...faultlessCell.axes, data: "Bi" } };
const stagnant: LintCell = { ...faultlessCell, id: "L2-Mono-Stag", axes: { ...faultlessCell.axes, category: "Stag" } };
const last: LintCell = {
  ...faultlessCell,
  id: "L2-Bi-Stag",
  axes: { family: "llama-2", data: "Bi", category: "Stag" },
};

function withSetting(cell: LintCell, setting: Record<string, unknown>): LintCell {
  return { ...cell, recipe: { ...cell.recipe, ...setting } };
}

const heldOutNowhere = [faultlessCell, bilingual].map((cell) => withSetting(cell, { val_size: undefined }));

const cases: Record<string, { fires: LintCell[]; silent: LintCell[]; says: RegExp; cells?: string[] }> = {
  "does-not-fit": {
    fires: [{ ...faultlessCell, memory: { neededGB: 60, usableGB: 57.6 } }],
    silent: [faultlessCell],
    says: /needs 60\.0 GB and has 57\.6 GB.*per_device_train_batch_size/,
  },
  "checkpoint-never-written": {
    fires: [{ ...faultlessCell, evaluatedStep: 700 }],
    silent: [{ ...faultlessCell, evaluatedStep: 500 }],
    says: /checkpoint 700 is evaluated.*every 500 steps: the nearest is 500/,
  },
  "overwrite-on-restart": {
    fires: [withSetting(faultlessCell, { overwrite_output_dir: true })],
    silent: [withSetting(faultlessCell, { overwrite_output_dir: false })],
    says: /begins at step 0/,
  },
  "unexplained-difference": {
    fires: [faultlessCell, bilingual, stagnant, withSetting(last, { learning_rate: 1e-5 })],
    silent: [
      faultlessCell,
      withSetting(bilingual, { learning_rate: 1e-5 }),
      stagnant,
      withSetting(last, { learning_rate: 1e-5 }),
    ],
    says: /learning_rate is unset in 3 cells, 0\.00001 in 1 cell: no single axis/,
    cells: ["L2-Bi-Stag"],
  },
  "held-out-in-some": {
    fires: [faultlessCell, withSetting(bilingual, { val_size: 0 })],
    silent: heldOutNowhere,
    says: /these 1 cell train on all of their data/,
    cells: ["L2-Bi-Alt"],
  },
  "timeout-of-years": {
    fires: [withSetting(faultlessCell, { ddp_timeout: 180_000_000 })],
    silent: [withSetting(faultlessCell, { ddp_timeout: undefined })],
    says: /180000000 s \(2083 days\)/,
  },
  "unlimited-checkpoints": {
    fires: [withSetting(faultlessCell, { save_total_limit: undefined })],
    silent: [faultlessCell],
    says: /set it to 2/,
  },
  "template-in-pretraining": {
    fires: [withSetting(faultlessCell, { template: "alpaca" })],
    silent: [withSetting(faultlessCell, { template: "alpaca", stage: "sft" })],
    says: /"alpaca" and stage is pt/,
  },
  "evaluated-before-the-end": {
    fires: [{ ...faultlessCell, evaluatedStep: 500 }],
    silent: [{ ...faultlessCell, evaluatedStep: 700 }],
    says: /50 % of the training comes after it/,
  },
  "saves-far-from-the-best": {
    fires: [
      {
        ...faultlessCell,
        interval: { actualSeconds: 13_680, bestSeconds: 5071, lostShare: { actual: 0.09, best: 0.059 } },
      },
    ],
    silent: [
      {
        ...faultlessCell,
        steps: 500,
        interval: { actualSeconds: 13_680, bestSeconds: 5071, lostShare: { actual: 0.09, best: 0.059 } },
      },
    ],
    says: /every 3\.8 h \(save_steps 500\).*every 85 min \(save_steps 185\): 6 % instead of 9 %/,
  },
  "left-to-defaults": {
    fires: [withSetting(faultlessCell, { seed: undefined, cutoff_len: undefined })],
    silent: [faultlessCell],
    says: /cutoff_len and seed are unset/,
  },
  "benchmark-not-removed": {
    fires: [{ ...faultlessCell, benchmarks: { ...faultlessCell.benchmarks, taxi1500: {} } }],
    silent: [faultlessCell],
    says: /texts of taxi1500 are not taken out of the corpora/,
  },
};

/** What a plan says of a stack before any rule looks at its cells. */
const openRules = ["not-pinned", "gated-without-token", "corpus-not-made"];

function findByRule(rule: string, cells: readonly LintCell[]) {
  return runLintRules(cells).filter((finding) => finding.rule === rule);
}

describe("the rules", () => {
  it("have a case each", () => {
    expect(Object.keys(cases).sort()).toEqual(lintRules.map(({ name }) => name).sort());
  });

  it("have a section each in docs/lint.md, and no other section", () => {
    const sections = [...readFileSync("docs/lint.md", "utf8").matchAll(/^## `([a-z-]+)`/gm)].map(([, name]) => name);
    expect(sections).toEqual([...openRules, ...lintRules.map(({ name }) => name)]);
  });

  it("find nothing in a sound matrix", () => {
    expect(runLintRules([faultlessCell, bilingual, stagnant, last])).toEqual([]);
  });

  it("find nothing where there are no cells", () => {
    expect(runLintRules([])).toEqual([]);
  });
});

describe.each(Object.entries(cases))("the rule %s", (rule, { fires, silent, says, cells }) => {
  it("names the fault and the cells", () => {
    const [finding, ...more] = findByRule(rule, fires);
    expect(finding?.message).toMatch(says);
    expect(finding?.cells).toEqual(cells ?? [faultlessCell.id]);
    expect(more).toEqual([]);
  });

  it("leaves others alone", () => {
    expect(findByRule(rule, silent)).toEqual([]);
  });
});

describe("findings", () => {
  it("come errors first", () => {
    const cell = withSetting({ ...faultlessCell, evaluatedStep: 700 }, { seed: undefined, template: "alpaca" });
    expect(runLintRules([cell]).map(({ severity }) => severity)).toEqual(["error", "warning", "note"]);
  });

  it("of several cells with the same fault are one", () => {
    const findings = findByRule(
      "unlimited-checkpoints",
      [faultlessCell, bilingual].map((cell) => withSetting(cell, { save_total_limit: undefined })),
    );
    expect(findings.map((finding) => finding.cells)).toEqual([["L2-Mono-Alt", "L2-Bi-Alt"]]);
  });

  it("of settings that differ in the same cells are one", () => {
    const odd = withSetting(last, { learning_rate: 1e-5, warmup_ratio: 0 });
    const findings = findByRule("unexplained-difference", [faultlessCell, bilingual, stagnant, odd]);
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/learning_rate is .*; warmup_ratio is /),
    ]);
  });

  it("do not advise a limit that would remove the evaluated checkpoint", () => {
    const [finding] = findByRule("unlimited-checkpoints", [
      withSetting({ ...faultlessCell, evaluatedStep: 500 }, { save_total_limit: undefined }),
    ]);
    expect(finding?.message).toBe(
      "save_total_limit is unset: every checkpoint stays; the evaluated one is not the last, and a limit that would remove it is refused",
    );
  });

  it("say so where the data end before the evaluated step", () => {
    expect(findByRule("checkpoint-never-written", [{ ...faultlessCell, evaluatedStep: 7500 }])[0]?.message).toMatch(
      /the run ends after 1000 steps/,
    );
  });
});
