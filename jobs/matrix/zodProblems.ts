import type { z } from "zod";
import type { Problem, Rule } from "./problems.ts";
import { allowedWords } from "./problems.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const pathText = (path: Path): string =>
  path.map((key, index) => (typeof key === "number" ? `[${String(key)}]` : index === 0 ? String(key) : `.${String(key)}`)).join("");

const valueAt = (input: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => (typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined), input);

interface Where {
  input: unknown;
  /** Keys that the object at a path may have. */
  keysAt: (path: Path) => readonly string[];
}

function unknownKeys(issue: Issue & { code: "unrecognized_keys" }, { input, keysAt }: Where): Problem[] {
  return issue.keys.map((key) => {
    const path = [...issue.path, key];
    const message = `there is no such key; ${allowedWords(key, keysAt(issue.path))}`;
    return { rule: "unknown-key", path: pathText(path), value: valueAt(input, path), message };
  });
}

const nouns: Readonly<Record<string, string>> = {
  object: "a map",
  record: "a map",
  array: "a list",
  tuple: "a list",
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

const units: Readonly<Record<string, readonly [one: string, more: string]>> = { array: ["entry", "entries"], string: ["character", "characters"] };

function amount(origin: string, end: "least" | "most", limit: number | bigint): string {
  const unit = units[origin]?.[Number(limit) === 1 ? 0 : 1];
  return unit === undefined ? `be at ${end} ${String(limit)}` : `have at ${end} ${String(limit)} ${unit}`;
}

function ruleOf(issue: Issue, value: unknown): Rule {
  if (issue.code === "custom") return (issue.params?.["rule"] as Rule | undefined) ?? "not-allowed";
  if (value === undefined) return "missing-key";
  if (issue.code === "invalid_type") return "wrong-type";
  return issue.code === "too_small" || issue.code === "too_big" ? "out-of-range" : "not-allowed";
}

const oneOf = (value: unknown, allowed: readonly string[]): string =>
  value === undefined ? `a value is needed here; allowed: ${allowed.join(", ")}` : allowedWords(value, allowed);

/** Words that a schema brings itself are better than any made here; zod's begin like this. */
const isZods = (message: string): boolean => /^(Invalid|Too small|Too big)/.test(message);

function messageOf(issue: Issue, value: unknown): string {
  if (!isZods(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return `${value === undefined ? "a value is needed here:" : "this must be"} ${nouns[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return oneOf(value, issue.values.map(String));
    case "invalid_union":
      return "options" in issue && issue.options ? oneOf(value, issue.options.map(String)) : issue.message;
    case "too_small":
      return `this must ${amount(issue.origin, "least", issue.minimum)}`;
    case "too_big":
      return `this must ${amount(issue.origin, "most", issue.maximum)}`;
    default:
      return issue.message;
  }
}

/** What the schema has to say once, however many values break the same rule. */
const noteOf = (issue: Issue): { note?: string } => (issue.code === "custom" && typeof issue.params?.["note"] === "string" ? { note: issue.params["note"] } : {});

const problem = (issue: Issue, path: Path, value: unknown): Problem =>
  ({ rule: ruleOf(issue, value), path: pathText(path), value, message: messageOf(issue, value), ...noteOf(issue) });

/** What zod found, in this project's words: the path, the value, what is allowed and the nearest match. */
export function problemsOf(issues: readonly Issue[], where: Where): Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return unknownKeys(issue, where);
    // a name in a map that is wrong by itself: its own issues say why
    if (issue.code === "invalid_key") return issue.issues.map((inner) => problem(inner, issue.path, issue.path.at(-1)));
    return [problem(issue, issue.path, valueAt(where.input, issue.path))];
  });
}
