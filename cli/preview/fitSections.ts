import { formatCount } from "../terminal/formatList.ts";

/** A part of a comment. Its rows may be cut, in contrast to what stands before and after them. */
export interface CommentSection {
  readonly title: string;
  readonly opening: readonly string[];
  /** Most important first. */
  readonly rows: readonly string[];
  readonly closing: readonly string[];
}

/** Room for the sentence that names a section that is cut or left out. */
const noteCharacters = 200;

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

/** The first rows that fit into a number of characters. */
function selectFittingRows(rows: readonly string[], characters: number): string[] {
  let used = 0;
  return rows.slice(
    0,
    rows.findIndex((row) => {
      used += row.length + 1;
      return used > characters;
    }),
  );
}

function renderSection({ title, opening, rows, closing }: CommentSection, characters: number): string {
  const complete = joinLines([...opening, ...rows, ...closing]);
  if (complete.length <= characters) return complete;
  const room = characters - joinLines([...opening, ...closing]).length - noteCharacters;
  const fitting = room > 0 ? selectFittingRows(rows, room) : [];
  const cutCount = formatCount(rows.length - fitting.length, "line");
  const note = `**Cut:** ${title}, ${cutCount} of ${String(rows.length)} left out.`;
  return fitting.length === 0 ? joinLines([note, ""]) : joinLines([...opening, ...fitting, ...closing, note, ""]);
}

/** Joins sections within a number of characters: earlier ones first, and each that is cut is named. */
export function fitSections(sections: readonly CommentSection[], maxCharacters: number): string {
  let text = "";
  sections.forEach((section, index) => {
    const reserved = (sections.length - index - 1) * noteCharacters;
    text += renderSection(section, maxCharacters - text.length - reserved);
  });
  return text;
}
