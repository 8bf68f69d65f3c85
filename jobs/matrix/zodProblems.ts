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

function wrongType(issue: Issue & { code: "invalid_type" }, value: unknown): [Rule, string] {
  if (value === undefined) return ["missing-key", `a value is needed here: ${issue.expected}`];
  return ["wrong-type", `this must be ${issue.expected}`];
}

function ruleAndMessage(issue: Issue, value: unknown): [Rule, string] {
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue, value);
    case "invalid_value":
      if (value === undefined) return ["missing-key", `a value is needed here; allowed: ${issue.values.join(", ")}`];
      return ["not-allowed", allowedWords(value, issue.values.map(String))];
    case "too_small":
      return ["out-of-range", `this must be at least ${String(issue.minimum)}`];
    case "too_big":
      return ["out-of-range", `this must be at most ${String(issue.maximum)}`];
    case "custom":
      return [(issue.params?.["rule"] as Rule | undefined) ?? "not-allowed", issue.message];
    default:
      return ["not-allowed", issue.message];
  }
}

function keyProblem(issue: Issue, path: Path): Problem {
  const [rule, message] = ruleAndMessage(issue, path.at(-1));
  return { rule, path: pathText(path), value: path.at(-1), message };
}

/** What zod found, in this project's words: the path, the value, what is allowed and the nearest match. */
export function problemsOf(issues: readonly Issue[], where: Where): Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return unknownKeys(issue, where);
    // a name in a map that is wrong by itself: its own issues say why
    if (issue.code === "invalid_key") return issue.issues.map((inner) => keyProblem(inner, issue.path));
    const value = valueAt(where.input, issue.path);
    const [rule, message] = ruleAndMessage(issue, value);
    return [{ rule, path: pathText(issue.path), value, message }];
  });
}
