import type { JudgedCell, JudgedReport } from "../category/categoryVerdict.ts";
import { hasPrediction } from "../category/predictionRule.ts";
import type { CellGroup } from "../reportModel.ts";
import type { ConfidenceInterval } from "../statistics/bootstrap.ts";
import { compareWithZero, joinVerdicts, judgeAllShares, judgeEveryUnit, judgeShare } from "./claimVerdict.ts";
import type { ClaimVerdict, UnitOutcome } from "./claimVerdict.ts";
import { computeLevelAdvantage, computeModelEffect, listComparedModels, listMixingMeasures } from "./modelEffects.ts";
import type { LevelAdvantage } from "./modelEffects.ts";
import { paperFindings } from "./paperFindings.ts";
import type {
  ChangeSign,
  ClaimTest,
  ContrastTest,
  MixingTest,
  PaperFinding,
  PredictionTest,
  ResourceTest,
  ShareTest,
} from "./paperFindings.ts";

/** A model or cell that a claim is about. */
export interface ClaimUnit {
  readonly name: string;
  readonly outcome: UnitOutcome;
  /** In points for a model, in percent for a cell; null for a prediction. */
  readonly change: number | null;
  /** 95 % interval of the change; null if it is withheld. */
  readonly interval: ConfidenceInterval | null;
  /** Pairs of cells whose change is above zero, and all pairs; null for a cell. */
  readonly pairs: { readonly higher: number; readonly all: number } | null;
}

export interface JudgedClaim {
  readonly test: ClaimTest;
  readonly verdict: ClaimVerdict;
  readonly units: readonly ClaimUnit[];
}

export interface JudgedFinding {
  readonly finding: PaperFinding;
  readonly verdict: ClaimVerdict;
  readonly claims: readonly JudgedClaim[];
}

/** Cells that a claim about a share needs: those of one model and category of the study. */
export const fewestCells = 4;

/** Share of agreeing resamples from which a prediction counts as met or missed. */
export const clearAgreement = 0.95;

function buildModelUnit(
  { name }: CellGroup,
  { pairs, higher, difference, interval }: LevelAdvantage,
  expected: ChangeSign,
): ClaimUnit {
  const outcome = compareWithZero(interval, expected);
  return { name, outcome, change: difference, interval, pairs: { higher, all: pairs } };
}

function judgeModelUnits(test: ContrastTest | ResourceTest, units: readonly ClaimUnit[]): JudgedClaim {
  return { test, units, verdict: judgeEveryUnit(units.map(({ outcome }) => outcome)) };
}

function judgeContrastTest(report: JudgedReport, test: ContrastTest): JudgedClaim {
  const units = listComparedModels(report).flatMap((model) => {
    const effect = computeModelEffect(report, model, { ...test, part: "training" });
    return effect === null ? [] : [buildModelUnit(model, effect, test.expected)];
  });
  return judgeModelUnits(test, units);
}

/**
 * Judges the language of translations from English, the paper's low-resource direction. Identifications by several
 * models are different measures; the first one with scores of comparable cells decides.
 */
function judgeMixingTest(report: JudgedReport, test: MixingTest): JudgedClaim {
  const claims = listMixingMeasures(report).map((measure) =>
    judgeContrastTest(report, { ...test, kind: "contrast", measure, expected: "loss" }),
  );
  return claims.find(({ units }) => units.length > 0) ?? claims[0] ?? { test, verdict: "cannot tell", units: [] };
}

function judgeResourceTest(report: JudgedReport, test: ResourceTest): JudgedClaim {
  const units = listComparedModels(report).flatMap((model) => {
    const advantage = computeLevelAdvantage(report, model, test);
    return advantage === null ? [] : [buildModelUnit(model, advantage, "gain")];
  });
  return judgeModelUnits(test, units);
}

/** The study's cells with known changes; miniatures, whose scores mean nothing, are left out. */
function listStudyCells({ judgedCells }: JudgedReport): JudgedCell[] {
  return judgedCells.filter(({ cell, verdict }) => cell.family !== "tiny" && verdict.met !== null);
}

function judgeCellShare(outcomes: readonly UnitOutcome[], atLeast: number): ClaimVerdict {
  return outcomes.length < fewestCells ? "cannot tell" : judgeShare(outcomes, atLeast);
}

function judgeShareTest(report: JudgedReport, test: ShareTest): JudgedClaim {
  const cells = listStudyCells(report).filter(({ cell }) => cell.category === test.category);
  const judged = test.shares.map(({ side, expected, atLeast }) => {
    const units = cells.flatMap(({ cell, verdict }): ClaimUnit[] => {
      const change = verdict[side];
      if (change === null) return [];
      const { pct, interval } = change;
      const outcome = compareWithZero(interval, expected);
      return [{ name: cell.label, outcome, change: pct, interval, pairs: null }];
    });
    const outcomes = units.map(({ outcome }) => outcome);
    return { units, verdict: judgeCellShare(outcomes, atLeast) };
  });
  return { test, verdict: judgeAllShares(judged.map(({ verdict }) => verdict)), units: judged[0]?.units ?? [] };
}

function determinePredictionOutcome({ verdict: { met, agreement } }: JudgedCell): UnitOutcome {
  if (agreement === null || agreement < clearAgreement) return "open";
  return met === true ? "contradicts" : "agrees";
}

function judgePredictionTest(report: JudgedReport, test: PredictionTest): JudgedClaim {
  const units = listStudyCells(report)
    .filter(({ cell }) => hasPrediction(cell.category))
    .map((judged) => ({
      name: judged.cell.label,
      outcome: determinePredictionOutcome(judged),
      change: null,
      interval: null,
      pairs: null,
    }));
  const outcomes = units.map(({ outcome }) => outcome);
  return { test, units, verdict: judgeCellShare(outcomes, test.atLeast) };
}

function judgeClaim(report: JudgedReport, test: ClaimTest): JudgedClaim {
  switch (test.kind) {
    case "contrast":
      return judgeContrastTest(report, test);
    case "resource":
      return judgeResourceTest(report, test);
    case "share":
      return judgeShareTest(report, test);
    case "prediction":
      return judgePredictionTest(report, test);
    case "mixing":
      return judgeMixingTest(report, test);
  }
}

/** The verdicts on the paper's findings; none for a miniature, whose scores mean nothing. */
export function judgeFindings(report: JudgedReport): JudgedFinding[] {
  if (report.miniature === "whole") return [];
  return paperFindings.map((finding) => {
    const claims = finding.tests.map((test) => judgeClaim(report, test));
    return { finding, claims, verdict: joinVerdicts(claims.map(({ verdict }) => verdict)) };
  });
}
