import type { CheckpointInterval } from "../../estimate/index.ts";

/** `error`: it cannot run as planned. `warning`: it can end badly. `note`: a reader of the results should know. */
export type LintSeverity = "error" | "warning" | "note";

/** What the rules see of a cell. */
export interface LintCell {
  readonly id: string;
  /** Where the cell stands on the axes, for example `{ family: "llama-2", data: "Bi", category: "Alt" }`. */
  readonly axes: Readonly<Record<string, string>>;
  /** Settings of LLaMA-Factory, as they are written into the run's file. */
  readonly recipe: Readonly<Record<string, unknown>>;
  readonly steps: number;
  readonly saveSteps: number;
  /** Step of the evaluated checkpoint. */
  readonly evaluatedStep: number;
  readonly memory: { neededGB: number; usableGB: number };
  readonly interval: CheckpointInterval;
  /** By name. */
  readonly benchmarks: Readonly<Record<string, unknown>>;
}

/** One fault and the cells that have it. */
export interface LintVerdict {
  readonly cells: readonly string[];
  readonly message: string;
}

/** A known hazard. Its page is the section of its name in docs/lint.md. */
export interface LintRule {
  readonly name: string;
  readonly severity: LintSeverity;
  readonly check: (cells: readonly LintCell[]) => LintVerdict[];
}

export interface LintFinding extends LintVerdict {
  readonly rule: string;
  readonly severity: LintSeverity;
}

/** Looks at cells one by one; those with the same fault share a verdict. */
export function checkCellByCell(look: (cell: LintCell) => string | undefined): LintRule["check"] {
  return (cells) => {
    const faults = new Map<string, string[]>();
    for (const cell of cells) {
      const message = look(cell);
      if (message === undefined) continue;
      const ids = faults.get(message);
      if (ids === undefined) faults.set(message, [cell.id]);
      else ids.push(cell.id);
    }
    return [...faults].map(([message, ids]) => ({ cells: ids, message }));
  };
}
