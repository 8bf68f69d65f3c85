import type { LintCell } from "./lintRule.ts";

export const faultlessCell: LintCell = {
  id: "L2-Mono-Alt",
  axes: { family: "llama-2", data: "Mono", category: "Alt" },
  recipe: { stage: "pt", template: "default", cutoff_len: 2048, seed: 42, ddp_timeout: 3600, val_size: 0.01 },
  devices: 8,
  steps: 1000,
  stepRange: { low: 1000, high: 1000 },
  trainedSteps: 1000,
  saveSteps: 500,
  evaluatedStep: 1000,
  namedStep: 1000,
  memory: { neededGB: 46, usableGB: 57.6 },
  interval: { actualSeconds: 5000, bestSeconds: 5000, lostShare: { actual: 0.059, best: 0.059 } },
  step: {
    compute: { low: 5, high: 7 },
    communication: 2,
    network: 2,
    links: 1,
    total: { low: 5, high: 9 },
    utilization: { low: 0.19, high: 0.35 },
    boundBy: "compute",
    networkName: "roce-100g",
    networkGBs: 11,
  },
  readings: [],
  benchmarks: { sib200: {}, flores200: {} },
};

export const bilingual: LintCell = { ...faultlessCell, id: "L2-Bi-Alt", axes: { ...faultlessCell.axes, data: "Bi" } };
export const stagnant: LintCell = {
  ...faultlessCell,
  id: "L2-Mono-Stag",
  axes: { ...faultlessCell.axes, category: "Stag" },
};
export const last: LintCell = {
  ...faultlessCell,
  id: "L2-Bi-Stag",
  axes: { family: "llama-2", data: "Bi", category: "Stag" },
};

export function withSetting(cell: LintCell, setting: Record<string, unknown>): LintCell {
  return { ...cell, recipe: { ...cell.recipe, ...setting } };
}
