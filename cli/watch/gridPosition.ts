import { categories, categoryNames, dataKinds } from "../../jobs/matrix/index.ts";
import { findStudyCell } from "../../jobs/matrix/matrixCell.ts";

/** Row and column of a cell. */
interface GridPosition {
  readonly data: string;
  readonly category: string;
}

/**
 * The position of a cell by its name. The name of a cell that a stack has added is split: after the prefix come the
 * data mixture, which may contain dashes, and the category.
 */
export function gridPosition(id: string): GridPosition {
  const cell = findStudyCell(id);
  if (cell !== undefined) return cell;
  const [, ...parts] = id.split("-");
  return { data: parts.slice(0, -1).join("-"), category: parts.at(-1) ?? "" };
}

function appendMissing(known: readonly string[], names: readonly string[]): string[] {
  return [...known, ...new Set(names.filter((name) => !known.includes(name)))];
}

/** Collects the study's rows and columns, followed by those that the stack has added. */
export function collectGridAxes(ids: readonly string[]): { rows: string[]; columns: string[] } {
  const positions = ids.map(gridPosition);
  const rows = positions.map(({ data }) => data);
  const columns = positions.map(({ category }) => category);
  return { rows: appendMissing(dataKinds, rows), columns: appendMissing(categoryNames, columns) };
}

export function getColumnTitle(name: string): string {
  return categoryNames.flatMap((known) => (known === name ? categories[known].title : []))[0] ?? name;
}
