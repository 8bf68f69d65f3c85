import { z } from "zod";

const progressLineSchema = z.object({
  mixcpt: z.literal("progress"),
  done: z.number().min(0),
  total: z.number().positive(),
  unit: z.string().optional(),
  loss: z.number().nullish(),
  eta_seconds: z.number().min(0).nullish(),
});

/** How far a container is, from its log. */
export interface LogProgress {
  /** 0 to 1. */
  readonly fraction: number;
  /** Such as `12/24 steps`. */
  readonly text: string;
  readonly loss: number | null;
  readonly etaSeconds: number | null;
}

function parseProgressLine(line: string): LogProgress | null {
  const at = line.indexOf('{"mixcpt"');
  if (at === -1) return null;
  try {
    const { done, total, unit, loss, eta_seconds } = progressLineSchema.parse(JSON.parse(line.slice(at)));
    const text = `${done}/${total}${unit === undefined ? "" : ` ${unit}`}`;
    return { fraction: Math.min(1, done / total), text, loss: loss ?? null, etaSeconds: eta_seconds ?? null };
  } catch {
    return null; // a line cut short: the next poll has a whole one
  }
}

/** The last progress line among the last lines of a log; null where there is none. */
export function findLastProgress(log: string | undefined): LogProgress | null {
  return (log ?? "")
    .split("\n")
    .reduceRight<LogProgress | null>((found, line) => found ?? parseProgressLine(line), null);
}

const escapeCharacter = String.fromCharCode(27);
const ansiSequence = new RegExp(`${escapeCharacter}\\[[0-9;]*[A-Za-z]`, "g");

/** The last line that says something beside progress, without colours; null where none does. */
export function findLastLine(log: string | undefined): string | null {
  return (
    (log ?? "")
      .split("\n")
      .map((line) => line.replace(ansiSequence, "").trim())
      .findLast((line) => line !== "" && parseProgressLine(line) === null) ?? null
  );
}
