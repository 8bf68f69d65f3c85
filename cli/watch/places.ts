import { categories, categoryNames, dataKinds } from "../../jobs/matrix/index.ts";
import { cellById } from "../../jobs/matrix/cell.ts";

/** Row and column of a cell. */
export interface Place {
  data: string;
  category: string;
}

/** Of the study's cells by name; of one that a stack has added, what stands after its prefix and between the dashes. */
export function placeOf(id: string): Place {
  const cell = cellById(id);
  if (cell !== undefined) return cell;
  const [, ...parts] = id.split("-");
  return { data: parts.slice(0, -1).join("-"), category: parts.at(-1) ?? "" };
}

const withOthers = (known: readonly string[], found: readonly string[]): string[] => [...known, ...new Set(found.filter((name) => !known.includes(name)))];

/** The study's rows and columns, and those that the stack has beside them. */
export function axesOf(ids: readonly string[]): { rows: string[]; columns: string[] } {
  const places = ids.map(placeOf);
  return { rows: withOthers(dataKinds, places.map(({ data }) => data)), columns: withOthers(categoryNames, places.map(({ category }) => category)) };
}

export const columnTitle = (name: string): string => categoryNames.flatMap((known) => (known === name ? categories[known].title : []))[0] ?? name;
