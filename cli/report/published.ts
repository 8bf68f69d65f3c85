import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkout } from "../../infra/environment.ts";
import { publishedFiles, readPublished, type Published } from "../../jobs/report/published/published.ts";

/** The paper's numbers out of this checkout. @throws PublishedError with every problem of the files */
export const readPublishedNumbers = (): Published =>
  readPublished(publishedFiles((name) => readFileSync(resolve(checkout, "jobs/published", name), "utf8")));
