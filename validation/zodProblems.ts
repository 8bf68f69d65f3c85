import type { z } from "zod";
import type { Problem, ProblemRule } from "./problems.ts";
import { formatAllowedWords } from "./suggestions.ts";

type ZodIssue = z.core.$ZodIssue;
type IssuePath = readonly PropertyKey[];

function formatIssuePath(path: IssuePath): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${String(key)}]` : index === 0 ? String(key) : `.${String(key)}`))
    .join("");
}

function readValueAt(input: unknown, path: IssuePath): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

interface IssueContext {
  readonly input: unknown;
  /** Lists the keys allowed in the object at a path. */
  readonly listAllowedKeys: (path: IssuePath) => readonly string[];
}

function explainUnknownKeys(
  issue: ZodIssue & { code: "unrecognized_keys" },
  { input, listAllowedKeys }: IssueContext,
): Problem[] {
  return issue.keys.map((key) => {
    const path = [...issue.path, key];
    const message = `unknown key; ${formatAllowedWords(key, listAllowedKeys(issue.path))}`;
    return { rule: "unknown-key", path: formatIssuePath(path), value: readValueAt(input, path), message };
  });
}

const typeNouns: Readonly<Record<string, string>> = {
  object: "a map",
  record: "a map",
  array: "a list",
  tuple: "a list",
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

const sizeUnits: Readonly<Record<string, readonly [one: string, more: string]>> = {
  array: ["entry", "entries"],
  string: ["character", "characters"],
};

interface Limited {
  readonly origin: string;
  /** False if the limit itself is not allowed. */
  readonly inclusive?: boolean | undefined;
}

function formatLimit({ origin, inclusive = true }: Limited, end: "least" | "most", limit: number | bigint): string {
  if (!inclusive) return `be ${end === "least" ? "above" : "below"} ${String(limit)}`;
  const unit = sizeUnits[origin]?.[Number(limit) === 1 ? 0 : 1];
  return unit === undefined ? `be at ${end} ${String(limit)}` : `have at ${end} ${String(limit)} ${unit}`;
}

function determineRule(issue: ZodIssue, value: unknown): ProblemRule {
  if (issue.code === "custom") return (issue.params?.["rule"] as ProblemRule | undefined) ?? "not-allowed";
  if (value === undefined) return "missing-key";
  if (issue.code === "invalid_type") return "wrong-type";
  return issue.code === "too_small" || issue.code === "too_big" ? "out-of-range" : "not-allowed";
}

function formatAllowedValues(value: unknown, allowed: readonly string[]): string {
  return value === undefined
    ? `missing; allowed: ${allowed.join(", ")}`
    : `not a valid value; ${formatAllowedWords(value, allowed)}`;
}

/** Tells zod's default messages from those written for a schema, which are kept. */
function isZodMessage(message: string): boolean {
  return /^(Invalid|Too small|Too big)/.test(message);
}

/** Formats the expected type. YAML reads a text of digits as a number, such as some commits. */
function formatExpectedType(expected: string, value: unknown): string {
  const advice = expected === "string" && typeof value === "number" ? "; put it in quotes" : "";
  return `${value === undefined ? "missing; " : ""}must be ${typeNouns[expected] ?? expected}${advice}`;
}

function formatIssueMessage(issue: ZodIssue, value: unknown): string {
  if (!isZodMessage(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return formatExpectedType(issue.expected, value);
    case "invalid_value":
      return formatAllowedValues(value, issue.values.map(String));
    case "invalid_union":
      return "options" in issue && issue.options
        ? formatAllowedValues(value, issue.options.map(String))
        : issue.message;
    case "too_small":
      return `must ${formatLimit(issue, "least", issue.minimum)}`;
    case "too_big":
      return `must ${formatLimit(issue, "most", issue.maximum)}`;
    default:
      return issue.message;
  }
}

/** Returns the note of a schema's own rule, which is printed once however many values break the rule. */
function getIssueNote(issue: ZodIssue): { note?: string } {
  return issue.code === "custom" && typeof issue.params?.["note"] === "string" ? { note: issue.params["note"] } : {};
}

function translateIssue(issue: ZodIssue, path: IssuePath, value: unknown): Problem {
  return {
    rule: determineRule(issue, value),
    path: formatIssuePath(path),
    value,
    message: formatIssueMessage(issue, value),
    ...getIssueNote(issue),
  };
}

/** True if an option of a union expects another type, or a certain word, in place of a map or a list. */
function isOfOtherType({ path, code }: ZodIssue): boolean {
  return path.length === 0 && (code === "invalid_type" || code === "invalid_value");
}

/** Lists the issues of the only option of a union that fits the type of a map or a list; undefined otherwise. */
function listIssuesOfType(issue: ZodIssue & { code: "invalid_union" }, value: unknown): ZodIssue[] | undefined {
  if (typeof value !== "object") return undefined;
  const options = issue.errors.filter((issues) => !issues.some(isOfOtherType));
  return options.length === 1
    ? options[0]?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
    : undefined;
}

/** Translates zod's issues into problems with the path, the value, what is allowed and the nearest match. */
export function translateIssues(issues: readonly ZodIssue[], context: IssueContext): Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return explainUnknownKeys(issue, context);
    // an invalid name in a map: its inner issues give the reason
    if (issue.code === "invalid_key")
      return issue.issues.map((inner) => translateIssue(inner, issue.path, issue.path.at(-1)));
    const inner =
      issue.code === "invalid_union" ? listIssuesOfType(issue, readValueAt(context.input, issue.path)) : undefined;
    if (inner !== undefined) return translateIssues(inner, context);
    return [translateIssue(issue, issue.path, readValueAt(context.input, issue.path))];
  });
}
