import { readFileSync } from "node:fs";
import { buildPublishedReport } from "../buildReport.ts";
import { judgeReport } from "../category/categoryVerdict.ts";
import { readPublishedFiles, parsePublishedNumbers } from "../published/publishedNumbers.ts";
import { sampleNow } from "../sampleStacks.fixture.ts";
import { renderPage } from "./renderPage.ts";

const published = parsePublishedNumbers(readPublishedFiles((name) => readFileSync(`jobs/published/${name}`, "utf8")));
const page = renderPage(judgeReport(buildPublishedReport(published, sampleNow)));

function extractSection(id: string): string {
  return new RegExp(`<section[^>]* aria-labelledby="${id}">[^]*?</section>`).exec(page)?.[0] ?? "";
}

/** Text of the table whose caption begins so, a row a line, cells apart by bars. */
function extractTable(caption: string): string[] {
  const rows = (page.split(`<caption><span>${caption}`)[1] ?? "").split("</table>")[0]?.split("<tr").slice(1) ?? [];
  return rows.map((row) =>
    row
      .replace(/^[^>]*>/, "")
      .replace(/<\/t[hd]>/g, "|")
      .replace(/<sup[^]*?<\/sup>/g, (marks) => `^${marks.replace(/<[^>]*>/g, "")}`)
      .replace(/<[^>]*>/g, "")
      .trim(),
  );
}

function findTableRow(caption: string, language: string): string | undefined {
  return extractTable(caption).find((row) => row.includes(language));
}

describe("the page of the published numbers", () => {
  it("is small enough to send: under 1.5 MB, whole", () => {
    expect(page.length).toBeLessThan(1.5e6);
    expect(page.trimEnd().endsWith("</html>")).toBe(true);
  });

  it("shows each of the 1,785 printed numbers in its table", () => {
    const shown = extractTable("SIB-200: accuracy (%): Llama-2-7B, altruistic languages")
      .concat(extractTable("FLORES-200, X → English: BLEU: Viking-7B, stagnant languages"))
      .join("\n");
    for (const { benchmark, direction, value } of published.cells.get("L2-Mono-Alt") ?? [])
      if (benchmark === "sib200" && direction === null) expect(shown).toContain(value.toFixed(2));
    for (const { direction, value } of published.cells.get("V7-Bi+Code-Stag") ?? [])
      if (direction === "xx-eng") expect(shown).toContain(value.toFixed(2));
    const all = [...published.cells.values(), ...published.bases.values()].flat();
    expect(all.filter(({ value }) => !extractSection("languages").includes(value.toFixed(2)))).toEqual([]);
  });

  it("gives the answer first: 3 of 36 cells, none, two and one of the categories", () => {
    expect(extractSection("summary")).toContain("<b>3 of 36 cells</b> behave as their category predicts");
    expect(
      [...extractSection("summary").matchAll(/<dt>(\w+)<\/dt><dd><b>(\d+)<\/b> of (\d+)/g)].map(([, ...tile]) => tile),
    ).toEqual([
      ["Altruistic", "0", "12"],
      ["Selfish", "2", "12"],
      ["Stagnant", "1", "12"],
    ]);
    expect(page.indexOf('aria-labelledby="summary"')).toBeLessThan(page.indexOf('aria-labelledby="categories"'));
  });

  it("marks every oddity where it appears and says it in the notes", () => {
    const marked = new Set([...page.matchAll(/href="#note-(\d+)"/g)].map(([, number]) => Number(number)));
    expect([...marked].sort()).toEqual(published.oddities.map(({ number }) => number));
    expect(
      [...extractSection("notes").matchAll(/id="note-(\d+)" value="\d+">/g)].map(([, number]) => Number(number)),
    ).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("marks the values that are odd and no others: Llama 3.1's English→X base, L2-Bi-Alt on FLORES-200, Vietnamese into English", () => {
    expect(extractTable("FLORES-200, English → X: BLEU: Llama-3.1-8B, altruistic languages")[0]).toContain("Base^3");
    expect(extractTable("FLORES-200, X → English: BLEU: Llama-3.1-8B, altruistic languages")[0]).not.toContain("^");
    expect(extractTable("FLORES-200, X → English: BLEU: Llama-2-7B, altruistic languages")[0]).toContain("|Bi^4|");
    expect(extractTable("SIB-200: accuracy (%): Llama-2-7B, altruistic languages")[0]).not.toContain("^4");
    expect(findTableRow("FLORES-200, X → English: BLEU: Viking-7B, altruistic", "vie_Latn")).toContain("Vietnamese^5");
    expect(findTableRow("SIB-200: accuracy (%): Viking-7B, altruistic", "vie_Latn")).not.toContain("^");
  });

  it("shows what was never printed as missing, never as 0", () => {
    expect(findTableRow("SIB-200: accuracy (%): Llama-2-7B, stagnant", "eng_Latn")).toBe(
      "English^9 eng_Latn|neither|40.20|–|–|–|–|–|–|–|–|",
    );
    expect(findTableRow("FLORES-200, English → X: BLEU: Llama-2-7B, stagnant", "shn_Mymr")).toMatch(
      /^Shan shn_Mymr\|related\|0\.00\|/,
    );
  });

  it("has a change against the base beside every score", () => {
    const [base, mono] = [published.bases.get("llama-2"), published.cells.get("L2-Mono-Alt")].map(
      (scores) =>
        scores?.find(({ benchmark, language }) => benchmark === "sib200" && language === "zul_Latn")?.value ?? NaN,
    ) as [number, number];
    expect(findTableRow("SIB-200: accuracy (%): Llama-2-7B, altruistic", "zul_Latn")).toContain(
      `|${base.toFixed(2)}|${mono.toFixed(2)}|+${(mono - base).toFixed(2)}|`,
    );
  });

  it("has what the cells do in translation, by hand for one of them, with the base that is odd marked", () => {
    const scores = (
      of: readonly { benchmark: string; direction: string | null; language: string; value: number }[] | undefined,
    ) =>
      ["zho_Hans", "ceb_Latn", "mar_Deva", "zul_Latn", "khm_Khmr"].reduce(
        (sum, code) =>
          sum + (of?.find(({ direction, language }) => direction === "xx-eng" && language === code)?.value ?? NaN),
        0,
      );
    const change = (scores(published.cells.get("L3-Bi-Alt")) / scores(published.bases.get("llama-3.1")) - 1) * 100;
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

  it("says where the scores are printed and which step was evaluated", () => {
    expect(findTableRow("Where the scores of each cell are printed", "V7-Bi-Stag")).toBe(
      `V7-Bi-Stag^7|${String(published.steps.get("V7-Bi-Stag"))}|Table 6|Table 12|Table 11|`,
    );
  });

  it("shows neither loss curves nor GPU-hours: the paper prints none", () => {
    expect([extractSection("loss"), extractSection("hours"), extractSection("agreement")]).toEqual(["", "", ""]);
  });
});
