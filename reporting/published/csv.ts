import type { z } from "zod";

/** A table as a file gives it: the line of each row, for messages, and its values by column. */
export interface CsvRow {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

export interface CsvTable {
  readonly rows: readonly CsvRow[];
  /** What is wrong with the file, one sentence each with file and line. Such rows are left out. */
  readonly problems: readonly string[];
}

export interface CsvFile {
  /** Shown in messages. */
  readonly file: string;
  readonly text: string;
}

function findMissingColumns(file: string, head: readonly string[], wanted: readonly string[]): string[] {
  return wanted
    .filter((column) => !head.includes(column))
    .map((column) => `${file}:1: no column "${column}"; the columns are ${head.join(", ")}`);
}

function checkRowShape(
  file: string,
  { line, text, fields, head }: { line: number; text: string; fields: readonly string[]; head: readonly string[] },
): string[] {
  if (text.includes('"'))
    return [`${file}:${line}: has a quotation mark; values of these files have neither quotes nor commas`];
  if (fields.length === head.length) return [];
  return [`${file}:${line}: ${fields.length} values, expected ${head.length} (${head.join(", ")})`];
}

/**
 * Reads a file of comma-separated values without quoting, the only kind in `jobs/published`. Strict: a row of another
 * length, a quotation mark or a column that is not there is a problem, never a guess.
 */
export function parseCsv({ file, text }: CsvFile, wanted: readonly string[]): CsvTable {
  const [first = "", ...lines] = text.replace(/\r?\n$/, "").split(/\r?\n/);
  const head = first.split(",");
  const absent = findMissingColumns(file, head, wanted);
  if (absent.length > 0) return { rows: [], problems: absent };
  const read = lines.map((line, index) => {
    const fields = line.split(",");
    const problems = checkRowShape(file, { line: index + 2, text: line, fields, head });
    return {
      problems,
      row: { line: index + 2, values: Object.fromEntries(head.map((column, at) => [column, fields[at] ?? ""])) },
    };
  });
  return {
    rows: read.flatMap(({ problems, row }) => (problems.length === 0 ? [row] : [])),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/** Rows of a file that fit a schema, and what is wrong with the others. */
export interface TypedRows<Row> {
  readonly rows: readonly Row[];
  readonly problems: readonly string[];
}

function formatRowProblems(place: string, values: Readonly<Record<string, string>>, error: z.ZodError): string[] {
  return error.issues.map(
    ({ path, message }) => `${place}: ${path.join(".")} = ${JSON.stringify(values[String(path[0])])}: ${message}`,
  );
}

/** Reads a CSV file into typed rows. Problems name file, line, column and value; nothing is thrown. */
export function parseTypedRows<Shape extends z.ZodRawShape>(
  file: CsvFile,
  schema: z.ZodObject<Shape>,
): TypedRows<z.infer<z.ZodObject<Shape>>> {
  const table = parseCsv(file, Object.keys(schema.shape));
  const parsed = table.rows.map(({ line, values }) => ({
    place: `${file.file}:${line}`,
    values,
    result: schema.safeParse(values),
  }));
  return {
    rows: parsed.flatMap(({ result }) => (result.success ? [result.data] : [])),
    problems: [
      ...table.problems,
      ...parsed.flatMap(({ place, values, result }) =>
        result.success ? [] : formatRowProblems(place, values, result.error),
      ),
    ],
  };
}
