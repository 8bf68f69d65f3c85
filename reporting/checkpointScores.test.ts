import { formatEarlierScoresName } from "../jobs/kube/objectNames.ts";
import { renderPage } from "./page/renderPage.ts";
import { buildReportJson } from "./reportJson.ts";
import { buildJudgedReport } from "./sampleReports.fixture.ts";
import { makeScoresConfigMap, sampleConfigMaps, sampleScores, sampleStack } from "./sampleStacks.fixture.ts";
import type { CellScores, Score, ScoresConfigMap } from "./scoresConfigMap.ts";

const [firstScores] = sampleScores as [CellScores];
const tokensPerStep = 1024;

function makeCheckpointConfigMap(step: number, more: Partial<CellScores> = {}): ScoresConfigMap {
  const checkpoint = `/store/runs/${firstScores.run}/checkpoint-${String(step)}`;
  const scores = { ...firstScores, checkpoint, step, tokens: step * tokensPerStep, ...more };
  const configMap = makeScoresConfigMap(scores, step);
  return step === 48 ? configMap : { ...configMap, name: formatEarlierScoresName(firstScores.run, step) };
}

/** A report of a stack that evaluates these checkpoints of its first cell. */
function buildReportWith(configMaps: readonly ScoresConfigMap[], steps: readonly number[] = [12, 24, 48]) {
  const { run } = firstScores;
  const evaluated = steps.map((step, index) => ({
    checkpoint: `/store/runs/${run}/checkpoint-${String(step)}`,
    scores: index === steps.length - 1 ? `scores-${run}` : formatEarlierScoresName(run, step),
  }));
  return buildJudgedReport({
    ...sampleStack,
    cells: sampleStack.cells.map((cell) => (cell.run === run ? { ...cell, evaluated } : cell)),
    configMaps: [...sampleConfigMaps.slice(1), ...configMaps],
  });
}

const lower = firstScores.scores.map((score) => ({ ...score, value: score.value / 2 }));
const curve = [
  makeCheckpointConfigMap(48),
  makeCheckpointConfigMap(24),
  makeCheckpointConfigMap(12, { scores: lower }),
];

describe("the scores of several checkpoints of a run", () => {
  it("are data with step and tokens, beside the cell's score, which is that of the last one", () => {
    const json = buildReportJson(buildReportWith(curve));
    expect([...new Set(json.checkpoints.map(({ step, tokens }) => [step, tokens].join(" ")))]).toEqual([
      "12 12288",
      "24 24576",
      "48 49152",
    ]);
    expect(json.checkpoints).toHaveLength(3 * firstScores.scores.length);
    expect(json.cells).toEqual(buildReportJson(buildJudgedReport(sampleStack)).cells);
  });

  it("have the failures of each checkpoint once, with its step, and the items without an answer", () => {
    const { benchmark, direction, language } = firstScores.scores[0] as Score;
    const failures = [{ benchmark, direction, language, reason: "KeyError: 'bos'" }];
    const [, ...others] = firstScores.scores.map((score) => ({ ...score, unanswered: 2 }));
    const json = buildReportJson(
      buildReportWith([
        makeCheckpointConfigMap(48, { failures }),
        makeCheckpointConfigMap(24),
        makeCheckpointConfigMap(12, { scores: others, failures }),
      ]),
    );
    expect(json.failures.map(({ id, run, step }) => [id, run, step])).toEqual([
      [firstScores.cell, firstScores.run, 12],
      [firstScores.cell, firstScores.run, 48],
    ]);
    expect(json.checkpoints.filter(({ unanswered }) => unanswered === 2)).toHaveLength(others.length);
  });

  it("are drawn over tokens, with the mean of the training languages at each checkpoint", () => {
    const page = renderPage(buildReportWith(curve));
    expect(page).toContain('<a href="#curves">Scores over tokens</a>');
    expect(page).toMatch(/[\d.]+ after 0\.01, [\d.]+ after 0\.02, [\d.]+ after 0\.05 M tokens\./);
  });

  it("have no section if only one checkpoint was scored", () => {
    expect(renderPage(buildReportWith([makeCheckpointConfigMap(48)]))).not.toContain('id="curves"');
  });

  it("are those that the stack evaluates by now, and a score of another checkpoint is a finding", () => {
    const { run } = firstScores;
    const { findings, cells } = buildReportWith(curve, [24, 60]);
    expect(cells[0]?.checkpoints.map(({ step }) => step)).toEqual([24]);
    expect(cells[0]?.scores).toEqual([]);
    expect(findings).toEqual([
      `ConfigMap scores-${run} has the scores of checkpoint-48; expected checkpoint-60, which has no scores yet.`,
    ]);
  });

  it("are left out with a finding if a ConfigMap cannot be read or belongs to another run", () => {
    const damaged = { ...makeCheckpointConfigMap(24), data: { "scores.json": "{" } };
    const foreign = makeCheckpointConfigMap(12, { run: "tiny-mono-alt-ffffffff" });
    const renamed = { ...foreign, name: formatEarlierScoresName(firstScores.run, 12) };
    const { findings, cells } = buildReportWith([makeCheckpointConfigMap(48), damaged, renamed]);
    expect(cells[0]?.checkpoints.map(({ step }) => step)).toEqual([48]);
    expect(findings).toEqual([
      expect.stringMatching(/-at-12 names run tiny-mono-alt-ffffffff; expected /),
      expect.stringMatching(/-at-24, scores\.json is not JSON/),
    ]);
  });
});
