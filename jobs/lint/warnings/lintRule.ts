import type { TextReading } from "../../data/index.ts";
import type { CheckpointInterval, StepTime } from "../../estimate/index.ts";

/** `error`: it cannot run as planned. `warning`: it can end badly. `note`: a reader of the results should know. */
export type LintSeverity = "error" | "warning" | "note";

/** The facts of a cell that the rules check. */
export interface LintCell {
  readonly id: string;
  /** Position of the cell on each axis, for example `{ family: "llama-2", data: "Bi", category: "Alt" }`. */
  readonly axes: Readonly<Record<string, string>>;
  /** Settings of LLaMA-Factory, as written to the run's file. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** The sequence length that the published steps suppose; undefined for other recipes. */
  readonly inferredLength?: number | undefined;
  /** Devices that train together; they multiply the batch. */
  readonly devices: number;
  /** Steps of the whole schedule by the likely number of its tokens, of which `trainedSteps` are trained. */
  readonly steps: number;
  readonly trainedSteps: number;
  /** Steps by the smallest and the largest number of tokens that the estimate allows. */
  readonly stepRange: { low: number; high: number };
  readonly saveSteps: number;
  /** Step of the evaluated checkpoint. */
  readonly evaluatedStep: number;
  /** The highest evaluated step that the file or the protocol names; undefined if only the last one is evaluated. */
  readonly namedStep: number | undefined;
  readonly memory: { neededGB: number; usableGB: number };
  readonly interval: CheckpointInterval;
  /** The seconds of an optimizer step, and the network between nodes. */
  readonly step: StepTime & { readonly networkName: string; readonly networkGBs: number };
  /** Readings of the texts of a mixture by weight whose words are known. */
  readonly readings: readonly TextReading[];
  /** Benchmarks by name. */
  readonly benchmarks: Readonly<Record<string, unknown>>;
}

/** One hazard and the cells that have it. */
export interface LintVerdict {
  readonly cells: readonly string[];
  readonly message: string;
}

/** A known hazard. The section of docs/lint.md with its name explains it. */
export interface LintRule {
  readonly name: string;
  readonly severity: LintSeverity;
  readonly check: (cells: readonly LintCell[]) => LintVerdict[];
}

export interface LintFinding extends LintVerdict {
  readonly rule: string;
  readonly severity: LintSeverity;
}

/** Checks cells one by one; those with the same message share a verdict. */
export function checkCellByCell(explain: (cell: LintCell) => string | undefined): LintRule["check"] {
  return (cells) => {
    const hazards = cells.flatMap((cell) => {
      const message = explain(cell);
      return message === undefined ? [] : [{ id: cell.id, message }];
    });
    const groups = Map.groupBy(hazards, ({ message }) => message);
    return [...groups].map(([message, group]) => ({ cells: group.map(({ id }) => id), message }));
  };
}
