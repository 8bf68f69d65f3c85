import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkoutDirectory } from "../../infra/environment.ts";
import { readPublishedFiles, parsePublishedNumbers, type PublishedNumbers } from "../../jobs/report/published/published.ts";

/** The paper's numbers out of this checkout. @throws PublishedError with every problem of the files */
export const readPublishedNumbers = (): PublishedNumbers =>
  parsePublishedNumbers(readPublishedFiles((name) => readFileSync(resolve(checkoutDirectory, "jobs/published", name), "utf8")));
