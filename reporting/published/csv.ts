import type { z } from "zod";

/** A row with its line number, for messages, and its values by column. */
interface CsvRow {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

interface CsvTable {
  readonly rows: readonly CsvRow[];
  /** Problems of the file, one sentence each with file and line. Rows with a problem are left out. */
  readonly problems: readonly string[];
}

export interface CsvFile {
  /** Path shown in messages. */
  readonly file: string;
  readonly text: string;
}

function findMissingColumns(file: string, head: readonly string[], wanted: readonly string[]): string[] {
  return wanted
    .filter((column) => !head.includes(column))
    .map((column) => `${file}:1: the column "${column}" is missing; the columns are ${head.join(", ")}`);
}

function checkRowShape(
  file: string,
  { line, text, fields, head }: { line: number; text: string; fields: readonly string[]; head: readonly string[] },
): string[] {
  if (text.includes('"'))
    return [`${file}:${line}: contains a quotation mark; values of these files have neither quotes nor commas`];
  if (fields.length === head.length) return [];
  return [`${file}:${line}: has ${fields.length} values, expected ${head.length} (${head.join(", ")})`];
}

/**
 * Reads a file of comma-separated values without quoting, the only kind in `jobs/published`. It is strict: a row with
 * the wrong number of values, a quotation mark or a missing column is a problem and never guessed at.
 */
function parseCsv({ file, text }: CsvFile, wanted: readonly string[]): CsvTable {
  const [first = "", ...lines] = text.replace(/\r?\n$/, "").split(/\r?\n/);
  const head = first.split(",");
  const missing = findMissingColumns(file, head, wanted);
  if (missing.length > 0) return { rows: [], problems: missing };
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

/** Rows of a file that fit a schema, and the problems of the others. */
interface TypedRows<Row> {
  readonly rows: readonly Row[];
  readonly problems: readonly string[];
}

function formatRowProblems(location: string, values: Readonly<Record<string, string>>, error: z.ZodError): string[] {
  return error.issues.map(
    ({ path, message }) => `${location}: ${path.join(".")} = ${JSON.stringify(values[String(path[0])])}: ${message}`,
  );
}

/** Reads a CSV file into typed rows. Problems name file, line, column and value; nothing is thrown. */
export function parseTypedRows<Shape extends z.ZodRawShape>(
  file: CsvFile,
  schema: z.ZodObject<Shape>,
): TypedRows<z.infer<z.ZodObject<Shape>>> {
  const table = parseCsv(file, Object.keys(schema.shape));
  const parsed = table.rows.map(({ line, values }) => ({
    location: `${file.file}:${line}`,
    values,
    result: schema.safeParse(values),
  }));
  return {
    rows: parsed.flatMap(({ result }) => (result.success ? [result.data] : [])),
    problems: [
      ...table.problems,
      ...parsed.flatMap(({ location, values, result }) =>
        result.success ? [] : formatRowProblems(location, values, result.error),
      ),
    ],
  };
}
