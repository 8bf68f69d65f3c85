/** The markup of the section with this id; empty if the page does not have it. */
export function extractSection(page: string, id: string): string {
  return new RegExp(`<section[^>]* aria-labelledby="${id}">[^]*?</section>`).exec(page)?.[0] ?? "";
}

function readCellText(markup: string): string {
  return markup
    .replace(/<sup[^]*?<\/sup>/g, (marks) => `^${marks.replace(/<[^>]*>/g, "")}`)
    .replace(/<[^>]*>/g, "")
    .trim();
}

/** Texts of the table whose caption begins like this, as rows of cells; marks of notes are written as `^3`. */
export function readPageTable(page: string, caption: string): string[][] {
  const table = page.split(`<caption><span>${caption}`)[1]?.split("</table>")[0] ?? "";
  return table
    .split("<tr")
    .slice(1)
    .map((row) =>
      row
        .replace(/^[^>]*>/, "")
        .split(/<\/t[hd]>/)
        .slice(0, -1)
        .map(readCellText),
    );
}
