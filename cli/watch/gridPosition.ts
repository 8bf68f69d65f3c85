import { truncateToWidth } from "../terminal/fitToWidth.ts";
import { categories, categoryNames, dataKinds } from "../../jobs/matrix/index.ts";
import { splitCellId } from "../../jobs/matrix/axisSettings.ts";
import { findStudyCell } from "../../jobs/matrix/matrixCell.ts";

/** Row and column of a cell. The row of a cell with values on added axes names them: `Mono lr4e-5-seed2`. */
interface GridPosition {
  readonly data: string;
  readonly category: string;
}

function findMatrixPosition(id: string): GridPosition {
  const cell = findStudyCell(id);
  if (cell !== undefined) return cell;
  const [, ...parts] = id.split("-");
  return { data: parts.slice(0, -1).join("-"), category: parts.at(-1) ?? "" };
}

/**
 * The position of a cell by its name. The name of a cell that a stack has added is split: after the prefix come the
 * data mixture, which may contain dashes, and the category.
 */
export function gridPosition(id: string): GridPosition {
  const { matrixId, variant } = splitCellId(id);
  const { data, category } = findMatrixPosition(matrixId);
  return { data: variant === "" ? data : `${data} ${variant.slice(1)}`, category };
}

function appendMissing(known: readonly string[], names: readonly string[]): string[] {
  return [...known, ...new Set(names.filter((name) => !known.includes(name)))];
}

function sortNames(names: readonly string[]): string[] {
  return [...new Set(names)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/**
 * Collects the study's rows and columns, followed by those that the stack has added. A stack with axes of its own has
 * only those of its cells, because its rows are many and long.
 */
export function collectGridAxes(ids: readonly string[]): { rows: string[]; columns: string[] } {
  const positions = ids.map(gridPosition);
  const rows = positions.map(({ data }) => data);
  const columns = positions.map(({ category }) => category);
  const hasVariants = ids.some((id) => splitCellId(id).variant !== "");
  return hasVariants
    ? { rows: sortNames(rows), columns: sortNames(columns) }
    : { rows: appendMissing(dataKinds, rows), columns: appendMissing(categoryNames, columns) };
}

const minRowHeadWidth = 10;
const maxRowHeadWidth = 26;

/** The width of the names of rows, with a space after the longest. */
export function computeRowHeadWidth(rows: readonly string[]): number {
  return Math.min(maxRowHeadWidth, Math.max(minRowHeadWidth, ...rows.map((row) => row.length + 1)));
}

/** Formats the name of a row; one that is too long is cut. */
export function formatRowHead(row: string, width: number): string {
  return truncateToWidth(row, width - 1).padEnd(width);
}

export function getColumnTitle(name: string): string {
  return categoryNames.flatMap((known) => (known === name ? categories[known].title : []))[0] ?? name;
}
