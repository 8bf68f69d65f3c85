import { categories, categoryNames, dataKinds } from "../../jobs/matrix/index.ts";
import { findStudyCell } from "../../jobs/matrix/matrixCell.ts";

/** Row and column of a cell. */
export interface GridPosition {
  readonly data: string;
  readonly category: string;
}

/** Of the study's cells by name; of one that a stack has added, what stands after its prefix and between the dashes. */
export function gridPosition(id: string): GridPosition {
  const cell = findStudyCell(id);
  if (cell !== undefined) return cell;
  const [, ...parts] = id.split("-");
  return { data: parts.slice(0, -1).join("-"), category: parts.at(-1) ?? "" };
}

function appendMissing(known: readonly string[], found: readonly string[]): string[] {
  return [...known, ...new Set(found.filter((name) => !known.includes(name)))];
}

/** The study's rows and columns, and those that the stack has beside them. */
export function collectGridAxes(ids: readonly string[]): { rows: string[]; columns: string[] } {
  const places = ids.map(gridPosition);
  return {
    rows: appendMissing(
      dataKinds,
      places.map(({ data }) => data),
    ),
    columns: appendMissing(
      categoryNames,
      places.map(({ category }) => category),
    ),
  };
}

export function getColumnTitle(name: string): string {
  return categoryNames.flatMap((known) => (known === name ? categories[known].title : []))[0] ?? name;
}
