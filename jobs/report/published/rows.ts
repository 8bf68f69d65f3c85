import type { z } from "zod";
import { parseCsv, type CsvFile } from "./csv.ts";

/** Rows of a file that fit a schema, and what is wrong with the others. */
export interface TypedRows<Row> {
  readonly rows: readonly Row[];
  readonly problems: readonly string[];
}

const formatRowProblems = (place: string, values: Readonly<Record<string, string>>, error: z.ZodError): string[] =>
  error.issues.map(({ path, message }) => `${place}: ${path.join(".")} = ${JSON.stringify(values[String(path[0])])}: ${message}`);

/** Reads a CSV file into typed rows. Problems name file, line, column and value; nothing is thrown. */
export const parseTypedRows = <Shape extends z.ZodRawShape>(file: CsvFile, schema: z.ZodObject<Shape>): TypedRows<z.infer<z.ZodObject<Shape>>> => {
  const table = parseCsv(file, Object.keys(schema.shape));
  const parsed = table.rows.map(({ line, values }) => ({ place: `${file.file}:${line}`, values, result: schema.safeParse(values) }));
  return {
    rows: parsed.flatMap(({ result }) => (result.success ? [result.data] : [])),
    problems: [...table.problems, ...parsed.flatMap(({ place, values, result }) => (result.success ? [] : formatRowProblems(place, values, result.error)))],
  };
};
