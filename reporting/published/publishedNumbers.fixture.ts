import { readFileSync } from "node:fs";
import { parsePublishedNumbers, readPublishedFiles } from "./publishedNumbers.ts";

export const publishedFiles = readPublishedFiles((name) => readFileSync(`jobs/published/${name}`, "utf8"));

/** The paper's numbers, as the report reads them. */
export const publishedNumbers = parsePublishedNumbers(publishedFiles);
