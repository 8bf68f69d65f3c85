import { judgeReport } from "../category/categoryVerdict.ts";
import {
  addPoints,
  buildJudgedReport,
  buildLanguageReport,
  buildStudyReport,
  paperReport,
  studyStack,
} from "../sampleReports.fixture.ts";
import type { Report } from "../reportModel.ts";
import { sampleStack } from "../sampleStacks.fixture.ts";
import { judgeAllShares, judgeEveryUnit, judgeShare, joinVerdicts } from "./claimVerdict.ts";
import { judgeFindings } from "./judgeFindings.ts";
import type { JudgedClaim, JudgedFinding } from "./judgeFindings.ts";
import type { PaperFinding } from "./paperFindings.ts";

function judgePlainReport(report: Report): JudgedFinding[] {
  return judgeFindings(judgeReport(report));
}

function findClaims(findings: readonly JudgedFinding[], name: PaperFinding["name"]): readonly JudgedClaim[] {
  return findings.find(({ finding }) => finding.name === name)?.claims ?? [];
}

const paperVerdicts = judgePlainReport(paperReport);

/** The same report with points added to the cells with code. */
function addCodePoints(points: number): Report {
  return addPoints(paperReport, points, (data) => data.includes("Code"));
}

describe("the paper's findings in its own numbers", () => {
  it("are a verdict each: categories deviate, code is mixed, and bilingual text cannot be told", () => {
    expect(paperVerdicts.map(({ finding, verdict }) => [finding.name, verdict])).toEqual([
      ["bilingual", "cannot tell"],
      ["code", "mixed"],
      ["categories", "holds"],
    ]);
  });

  it("have the effect of bilingual text in each model, whose signs differ", () => {
    const [classification] = findClaims(paperVerdicts, "bilingual");
    expect(classification?.units.map(({ name, change, pairs }) => [name, change?.toFixed(1), pairs])).toEqual([
      ["Llama-2-7B", "-2.3", { higher: 2, all: 6 }],
      ["Llama-3.1-8B", "6.9", { higher: 5, all: 6 }],
      ["Viking-7B", "2.3", { higher: 3, all: 6 }],
    ]);
  });

  it("leave language mixing open, which no score of the paper measures", () => {
    const [, mixing] = findClaims(paperVerdicts, "bilingual");
    expect(mixing).toMatchObject({ verdict: "cannot tell", units: [] });
  });

  it("do not show that code degrades generation in any model", () => {
    const [classification, , ...generation] = findClaims(paperVerdicts, "code");
    expect(classification?.units.filter(({ outcome }) => outcome === "agrees")).toHaveLength(2);
    expect(generation.flatMap(({ units }) => units).filter(({ outcome }) => outcome === "agrees")).toEqual([]);
    expect(generation.map(({ units }) => units.map(({ pairs }) => pairs?.higher))).toEqual([
      [5, 4, 5],
      [4, 3, 5],
    ]);
  });

  it("do not show that low-resource languages gain more from code: in 2, 4 and 2 of 6 pairs", () => {
    const [, resource] = findClaims(paperVerdicts, "code");
    expect(resource?.verdict).toBe("cannot tell");
    expect(resource?.units.map(({ pairs }) => pairs?.higher)).toEqual([2, 4, 2]);
  });

  it("count cells: all 36 for the predictions, and the 12 of each category for the others", () => {
    const claims = findClaims(paperVerdicts, "categories");
    expect(claims.map(({ units }) => units.length)).toEqual([36, 12, 12, 12]);
    expect(claims.map(({ verdict }) => verdict)).toEqual(["holds", "holds", "holds", "holds"]);
  });
});

describe("judgeFindings", () => {
  it("follows the scores: with far better or far worse cells with code, claims about code are reversed", () => {
    const judgeCode = (points: number) => findClaims(judgePlainReport(addCodePoints(points)), "code");
    const readVerdicts = (points: number) => judgeCode(points).map(({ verdict }) => verdict);
    expect(readVerdicts(30)).toEqual(["holds", "cannot tell", "does not hold", "does not hold"]);
    expect(readVerdicts(-60)).toEqual(["does not hold", "cannot tell", "holds", "holds"]);
  });

  it.each([
    { bilingual: 70, other: 95, verdict: "holds", outcome: "agrees", change: -25 },
    { bilingual: 95, other: 70, verdict: "does not hold", outcome: "contradicts", change: 25 },
  ])("judges language mixing by the share of translations in the target language: $verdict", (expected) => {
    const { verdict, outcome, change, ...shares } = expected;
    const [, mixing] = findClaims(judgeFindings(buildLanguageReport(shares)), "bilingual");
    expect(mixing).toMatchObject({
      verdict,
      units: [{ name: "Llama-3.1-8B", outcome, change, pairs: { all: 6, higher: change < 0 ? 0 : 6 } }],
    });
  });

  it("judges language mixing by a measure that cells of both kinds have, if another one is of some cells", () => {
    const report = buildStudyReport(({ cell, scores }) => {
      const translations = scores.filter(({ metric }) => metric === "bleu");
      const identify = (benchmark: string, value: number) =>
        translations.map((score) => ({ ...score, benchmark, metric: "target_language", value }));
      const isBilingual = cell.includes("-Bi");
      return {
        scores: [
          ...scores,
          ...(isBilingual ? [] : identify("early", 90)),
          ...identify("langid", isBilingual ? 70 : 95),
        ],
      };
    });
    const [, mixing] = findClaims(judgeFindings(report), "bilingual");
    expect(mixing).toMatchObject({ verdict: "holds", units: [{ name: "Llama-3.1-8B", change: -25 }] });
  });

  it("judges one's own runs by the models that were run", () => {
    const claims = findClaims(judgeFindings(buildJudgedReport(studyStack)), "code");
    expect(claims.map(({ units }) => units.map(({ name }) => name))).toEqual(Array(4).fill(["Llama-3.1-8B"]));
  });

  it("leaves a model with fewer than six pairs open, however large the effect", () => {
    const report = addCodePoints(30);
    const cells = report.cells.filter(({ category }) => category !== "Stag");
    const [classification] = findClaims(judgePlainReport({ ...report, cells }), "code");
    expect(classification?.units.map(({ outcome, pairs }) => [outcome, pairs?.all])).toEqual(
      Array(3).fill(["open", 4]),
    );
  });

  it("gives no verdict from a miniature, and leaves it out beside others", () => {
    expect(judgeFindings(buildJudgedReport(sampleStack))).toEqual([]);
    const names = findClaims(judgeFindings(buildJudgedReport(studyStack, sampleStack)), "code").flatMap(({ units }) =>
      units.map(({ name }) => name),
    );
    expect(new Set(names)).toEqual(new Set(["Llama-3.1-8B"]));
  });

  it("can tell nothing without scores", () => {
    const cells = paperReport.cells.map((cell) => ({ ...cell, scores: [], scoreIndex: new Map() }));
    expect(judgePlainReport({ ...paperReport, cells }).map(({ verdict }) => verdict)).toEqual(
      Array(3).fill("cannot tell"),
    );
  });
});

describe("a verdict", () => {
  it("on every model holds only if all agree", () => {
    expect([
      judgeEveryUnit(["agrees", "agrees"]),
      judgeEveryUnit(["agrees", "open"]),
      judgeEveryUnit(["agrees", "contradicts"]),
      judgeEveryUnit(["open", "contradicts"]),
      judgeEveryUnit(["open", "open"]),
      judgeEveryUnit([]),
    ]).toEqual(["holds", "mixed", "mixed", "does not hold", "cannot tell", "cannot tell"]);
  });

  it("on a share cannot be told while open cells could decide it", () => {
    expect([
      judgeShare(["agrees", "agrees", "open", "contradicts"], 1 / 2),
      judgeShare(["agrees", "open", "contradicts", "contradicts"], 1 / 2),
      judgeShare(["agrees", "contradicts", "contradicts", "contradicts"], 1 / 2),
      judgeShare([], 1 / 2),
    ]).toEqual(["holds", "cannot tell", "does not hold", "cannot tell"]);
  });

  it("on several shares fails with any of them", () => {
    expect(judgeAllShares(["holds", "does not hold"])).toBe("does not hold");
    expect(judgeAllShares(["holds", "cannot tell"])).toBe("cannot tell");
  });

  it("on a finding holds only if every claim does, and is mixed if some hold and some do not", () => {
    expect([
      joinVerdicts(["holds", "holds"]),
      joinVerdicts(["holds", "cannot tell"]),
      joinVerdicts(["does not hold", "cannot tell"]),
      joinVerdicts(["holds", "does not hold"]),
      joinVerdicts(["mixed", "cannot tell"]),
    ]).toEqual(["holds", "cannot tell", "does not hold", "mixed", "mixed"]);
  });
});
