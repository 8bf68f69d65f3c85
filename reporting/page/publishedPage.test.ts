import { judgeReport } from "../category/categoryVerdict.ts";
import { publishedNumbers } from "../published/publishedNumbers.fixture.ts";
import { paperReport } from "../sampleReports.fixture.ts";
import type { Score } from "../scoresConfigMap.ts";
import { extractSection, readPageTable } from "./pageTables.fixture.ts";
import { renderPage } from "./renderPage.ts";

const page = renderPage(judgeReport(paperReport));

/** The rows of a table as texts, with a bar after each cell. */
function readTableRows(caption: string): string[] {
  return readPageTable(page, caption).map((row) => row.map((cell) => `${cell}|`).join(""));
}

function findTableRow(caption: string, text: string): string | undefined {
  return readTableRows(caption).find((row) => row.includes(text));
}

describe("the page of the published numbers", () => {
  it("is complete and under 1.5 MB, small enough to send", () => {
    expect(page.length).toBeLessThan(1.5e6);
    expect(page.trimEnd().endsWith("</html>")).toBe(true);
  });

  it("shows each of the 1,785 printed numbers in its table", () => {
    const shown = readTableRows("SIB-200: accuracy (%): Llama-2-7B, altruistic languages")
      .concat(readTableRows("FLORES-200, X → English: BLEU: Viking-7B, stagnant languages"))
      .join("\n");
    for (const { benchmark, direction, value } of publishedNumbers.cells.get("L2-Mono-Alt") ?? [])
      if (benchmark === "sib200" && direction === null) expect(shown).toContain(value.toFixed(2));
    for (const { direction, value } of publishedNumbers.cells.get("V7-Bi+Code-Stag") ?? [])
      if (direction === "xx-eng") expect(shown).toContain(value.toFixed(2));
    const all = [...publishedNumbers.cells.values(), ...publishedNumbers.bases.values()].flat();
    expect(all.filter(({ value }) => !extractSection(page, "languages").includes(value.toFixed(2)))).toEqual([]);
  });

  it("gives the answer first: 3 of 36 cells, with none, two and one of the categories", () => {
    const summary = extractSection(page, "summary");
    expect(summary).toContain("<b>3 of 36 cells</b> behave as their category predicts");
    expect(readTableRows("Every cell")[0]).toBe(
      "Model|Altruistic 0 of 12 as predicted|Selfish 2 of 12 as predicted|Stagnant 1 of 12 as predicted|",
    );
    expect([...summary.matchAll(/✓<\/b>/g)]).toHaveLength(3);
    expect(page.indexOf('aria-labelledby="summary"')).toBeLessThan(page.indexOf('aria-labelledby="categories"'));
  });

  it("has the changes of every cell in the matrix of the summary, each with a link to its scores", () => {
    const [, , ...rows] = readTableRows("Every cell");
    expect(rows.map((row) => row.split("|").slice(0, 2))).toEqual([
      ["Llama-2-7B", "−15−31"],
      ["Llama-3.1-8B", "−24−31"],
      ["Viking-7B", "−8−20"],
    ]);
    expect([...extractSection(page, "summary").matchAll(/<td[^>]*><a href="#scores-/g)]).toHaveLength(36);
  });

  it("shows the sign flips that a pooled effect hides: bilingual text by model and resource level", () => {
    const rows = readTableRows("Bilingual text: difference in points");
    expect(rows[0]).toBe("Score|Languages|Llama-2-7B^4|Llama-3.1-8B|Viking-7B|");
    const [classification, , , low] = rows.slice(1);
    expect(classification).toMatch(/^SIB-200\|all training languages\|−2\.3 .*2\/6\|\+6\.9 .*5\/6\|\+2\.3 .*3\/6\|$/);
    expect(low).toMatch(/^SIB-200\|low-resource\|−2\.5 .*2\/6\|\+6\.8 .*5\/6\|\+2\.0 .*3\/6\|$/);
    expect(rows.find((row) => row.startsWith("FLORES-200, English → X|all"))).toMatch(/−6\.6 .*0\/6\|\+3\.9 .*6\/6\|$/);
  });

  it("marks every oddity where it appears and explains it in the notes", () => {
    const marked = new Set([...page.matchAll(/href="#note-(\d+)"/g)].map(([, number]) => Number(number)));
    expect([...marked].sort()).toEqual(publishedNumbers.oddities.map(({ number }) => number));
    expect(
      [...extractSection(page, "notes").matchAll(/id="note-(\d+)" value="\d+">/g)].map(([, number]) => Number(number)),
    ).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("marks only odd values: Llama 3.1's English→X base, L2-Bi-Alt on FLORES-200, Vietnamese into English", () => {
    const [fromEnglish, intoEnglish] = ["FLORES-200, English → X: BLEU", "FLORES-200, X → English: BLEU"];
    expect(readTableRows(`${fromEnglish}: Llama-3.1-8B, altruistic languages`)[0]).toContain("Base^3");
    expect(readTableRows(`${intoEnglish}: Llama-3.1-8B, altruistic languages`)[0]).not.toContain("^");
    expect(readTableRows(`${intoEnglish}: Llama-2-7B, altruistic languages`)[0]).toContain("|Bi^4|");
    expect(readTableRows("SIB-200: accuracy (%): Llama-2-7B, altruistic languages")[0]).not.toContain("^4");
    expect(findTableRow(`${intoEnglish}: Viking-7B, altruistic`, "vie_Latn")).toContain("Vietnamese^5");
    expect(findTableRow("SIB-200: accuracy (%): Viking-7B, altruistic", "vie_Latn")).not.toContain("^");
  });

  it("shows values that were never printed as missing, never as 0", () => {
    expect(findTableRow("SIB-200: accuracy (%): Llama-2-7B, stagnant", "eng_Latn")).toBe(
      "English^9 eng_Latn|neither|40.20|–|–|–|–|–|–|–|–|",
    );
    expect(findTableRow("FLORES-200, English → X: BLEU: Llama-2-7B, stagnant", "shn_Mymr")).toMatch(
      /^Shan shn_Mymr\|related\|0\.00\|/,
    );
  });

  it("has a change against the base beside every score", () => {
    const [base, mono] = [publishedNumbers.bases.get("llama-2"), publishedNumbers.cells.get("L2-Mono-Alt")].map(
      (scores) =>
        scores?.find(({ benchmark, language }) => benchmark === "sib200" && language === "zul_Latn")?.value ?? NaN,
    ) as [number, number];
    expect(findTableRow("SIB-200: accuracy (%): Llama-2-7B, altruistic", "zul_Latn")).toContain(
      `|${base.toFixed(2)}|${mono.toFixed(2)}|+${(mono - base).toFixed(2)}|`,
    );
  });

  it("has the changes in translation, as computed by hand for one cell, and marks the odd base", () => {
    const sumIntoEnglish = (scores: readonly Score[] | undefined): number =>
      ["zho_Hans", "ceb_Latn", "mar_Deva", "zul_Latn", "khm_Khmr"]
        .map((code) => scores?.find(({ direction, language }) => direction === "xx-eng" && language === code))
        .reduce((sum, score) => sum + (score?.value ?? NaN), 0);
    const { cells, bases } = publishedNumbers;
    const change = (sumIntoEnglish(cells.get("L3-Bi-Alt")) / sumIntoEnglish(bases.get("llama-3.1")) - 1) * 100;
    const row = findTableRow("Change of the mean translation score", "L3-Bi-Alt")?.split("|");
    expect(row?.[1]).toBe(`−${Math.abs(change).toFixed(1)}`);
    expect(row?.[3]).toMatch(/\^3$/);
    expect(
      findTableRow("Change of the mean translation score", "L2-Bi-Alt")
        ?.split("|")
        .slice(1, 5)
        .every((value) => value.endsWith("^4")),
    ).toBe(true);
  });

  it("names the tables that print the scores and the evaluated step", () => {
    expect(findTableRow("Where the scores of each cell are printed", "V7-Bi-Stag")).toBe(
      `V7-Bi-Stag^7|${String(publishedNumbers.steps.get("V7-Bi-Stag"))}|Table 6|Table 12|Table 11|`,
    );
  });

  it("shows neither loss curves nor GPU-hours, which the paper does not print", () => {
    expect([extractSection(page, "loss"), extractSection(page, "hours"), extractSection(page, "agreement")]).toEqual([
      "",
      "",
      "",
    ]);
  });
});
