/** Which tests failed and why, as Jest and pytest leave it in their files of results. */
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** A test that failed, by file and name, with what it printed. */
export interface FailedTest {
  readonly name: string;
  readonly message: string;
}

/** The part of Jest's JSON that is read. */
export interface JestFileResult {
  /** Absolute path. */
  readonly name: string;
  readonly status: string;
  /** Why a file could not run; with tests that ran, what Jest printed of all of them. */
  readonly message: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName: string;
    readonly failureMessages: readonly string[];
  }[];
}

export function listJestFailures(files: readonly JestFileResult[], checkout: string): FailedTest[] {
  return files.flatMap((file) => {
    const path = relative(checkout, file.name);
    const failed = file.assertionResults.filter(({ status }) => status === "failed");
    if (failed.length === 0 && file.status === "failed") return [{ name: path, message: file.message }];
    return failed.map(({ fullName, failureMessages }) => ({
      name: `${path} › ${fullName}`,
      message: failureMessages.join("\n"),
    }));
  });
}

const xmlEntities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function decodeXml(text: string): string {
  return text.replace(/&(?:#(\d+)|(\w+));/g, (entity, code: string | undefined, name = "") =>
    code === undefined ? (xmlEntities[name] ?? entity) : String.fromCodePoint(Number(code)),
  );
}

/** Reads the failures of a JUnit file that pytest wrote. */
export function listPytestFailures(junit: string): FailedTest[] {
  const pattern = /<testcase classname="([^"]*)" name="([^"]*)"[^>]*><(?:failure|error) message="([^"]*)"/g;
  return [...junit.matchAll(pattern)].map(([, file = "", name = "", message = ""]) => ({
    name: decodeXml(`${file} › ${name}`),
    message: decodeXml(message),
  }));
}

/** Names the program where it failed and no test did, such as a pytest that collected nothing. */
export function nameFailures(tests: readonly FailedTest[], program: string, hasPassed: boolean): readonly FailedTest[] {
  if (hasPassed || tests.length > 0) return tests;
  return [{ name: program, message: "failed although no test did; the log above says why" }];
}

const shownLines = { first: 12, last: 28 };
/** Calls of Jest and of Node.js, which say nothing of the test. */
const foreignCall = /\/node_modules\/jest-|^ *at .*node:internal/;

/** Leaves out the middle of a long message: a program says what was wrong at the end of its output. */
function shortenMessage(lines: readonly string[]): readonly string[] {
  const { first, last } = shownLines;
  const omitted = lines.length - first - last;
  if (omitted <= 1) return lines;
  return [...lines.slice(0, first), `… ${String(omitted)} lines …`, ...lines.slice(-last)];
}

/** Shows a failure with the start and the end of its message; all of it stands in the log above. */
export function formatFailedTest({ name, message }: FailedTest): string {
  const lines = stripVTControlCharacters(message)
    .split("\n")
    .filter((line) => line.trim() !== "" && !foreignCall.test(line));
  return [`  ${name}`, ...shortenMessage(lines).map((line) => `      ${line}`)].join("\n");
}
