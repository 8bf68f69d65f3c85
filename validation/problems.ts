/** One thing that is wrong with the configuration of a stack. */
export interface Problem {
  /** Which rule was broken; each has a file in tests/config/invalid. */
  readonly rule: ProblemRule;
  /** `mixcpt:axes.data[1]` */
  readonly path: string;
  readonly value: unknown;
  /** What is wrong, and what is allowed. */
  readonly message: string;
  /** What several problems have in common, such as a long list of what is allowed: it is told with the first of them. */
  readonly note?: string;
}

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
  "mixture-without-tokens",
  "name-taken",
  "same-slug",
  "name-too-long",
  "protocol-of-another-family",
  "never-published",
  "override-outside-the-matrix",
  "fixed-by-the-project",
  "checkpoint-never-written",
  "more-than-a-node-has",
  "more-nodes-than-there-are",
  "another-gpu",
  "does-not-fit",
  "not-pinned",
  "gated-without-token",
  "ends-before-its-checkpoint",
  "removed-before-it-is-evaluated",
] as const;
export type ProblemRule = (typeof problemRules)[number];

/** All that is wrong with a file, at once. */
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

function formatProblem({ path, value, message }: Problem): string {
  const shown = value === undefined ? "" : ` = ${JSON.stringify(value)}`;
  return `${path}${shown}: ${message}`;
}

function formatNewNote({ note }: Problem, before: readonly Problem[]): string {
  return note === undefined || before.some((problem) => problem.note === note) ? "" : `; ${note}`;
}

/** Number of single-character changes between two words. */
export function computeEditDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The allowed word that is most like this one, if one is like it at all. */
export function findNearestWord(word: string, allowed: readonly string[]): string | undefined {
  const ranked = allowed
    .map((candidate) => ({ candidate, distance: computeEditDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(2, 0.4 * word.length) ? best.candidate : undefined;
}

/** `allowed: a, b, c; did you mean "b"?` */
export function formatAllowedWords(word: unknown, allowed: readonly string[]): string {
  const like = typeof word === "string" ? findNearestWord(word, allowed) : undefined;
  const list = allowed.length === 0 ? "none" : allowed.join(", ");
  return `allowed: ${list}${like === undefined ? "" : `; did you mean "${like}"?`}`;
}
