import { studyMatrix } from "../matrix/matrix.ts";
import type { MatrixNames } from "./configSchema.ts";

/** Lists the names of the study's matrix and those that a file adds, valid or not. */
function listNames(key: keyof typeof studyMatrix, values: Readonly<Record<string, unknown>>): string[] {
  return [...new Set([...Object.keys(studyMatrix[key]), ...Object.keys(values[key] ?? {})])];
}

/** Collects the names that exist, and those of the file itself, which an omitted axis has. */
export function collectMatrixNames(
  input: Readonly<Record<string, unknown>>,
  written: Readonly<Record<string, unknown>>,
): Required<MatrixNames> {
  return {
    families: listNames("families", input),
    mixtures: listNames("mixtures", input),
    categories: listNames("categories", input),
    own: { mixtures: listNames("mixtures", written), categories: listNames("categories", written) },
  };
}
