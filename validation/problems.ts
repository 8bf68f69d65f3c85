/** One problem in a configuration file. */
export interface Problem {
  /** The broken rule; tests/config/invalid has a file for each. */
  readonly rule: ProblemRule;
  /** Path of the value, like `mixcpt:axes.data[1]`. */
  readonly path: string;
  readonly value: unknown;
  /** Statement of the problem, and of what is allowed. */
  readonly message: string;
  /** Text that several problems share, such as a long list of allowed values; printed with the first of them only. */
  readonly note?: string;
}

/** Rules for the configuration of the mixcpt stacks. The cluster stacks (infra/) use some of them. */
export const problemRules = [
  "unknown-key",
  "missing-key",
  "wrong-type",
  "not-allowed",
  "out-of-range",
  "listed-twice",
  "not-a-name",
  "not-a-commit",
  "not-a-currency",
  "unknown-language",
  "category-without-languages",
  "mixture-without-words",
  "shares-not-one",
  "benchmark-lacks-language",
  "name-taken",
  "same-slug",
  "name-too-long",
  "protocol-of-another-family",
  "never-published",
  "override-outside-the-matrix",
  "set-twice",
  "same-run",
  "fixed-by-the-project",
  "more-than-a-node-has",
  "more-nodes-than-there-are",
  "another-gpu",
  "does-not-fit",
  "not-pinned",
  "gated-without-token",
  "ends-before-its-checkpoint",
] as const;
export type ProblemRule = (typeof problemRules)[number];

/** Reports every problem of a file at once. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    super(
      [
        `${file} cannot be used:`,
        ...problems.map(
          (problem, index) => `  ${formatProblem(problem)}${formatNewNote(problem, problems.slice(0, index))}`,
        ),
      ].join("\n"),
    );
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** A longer value, such as a map in place of a list, would hide what is said about it. */
const maxShownLength = 120;

function formatValue(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= maxShownLength ? text : `${text.slice(0, maxShownLength)}…`;
}

function formatProblem({ path, value, message }: Problem): string {
  const assignment = value === undefined ? "" : ` = ${formatValue(value)}`;
  return `${path}${assignment}: ${message}`;
}

function formatNewNote({ note }: Problem, before: readonly Problem[]): string {
  return note === undefined || before.some((problem) => problem.note === note) ? "" : `; ${note}`;
}
