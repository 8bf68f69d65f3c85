import { z } from "zod";
import { getObjectName } from "../kubernetes/apiObjects.ts";
import type { ClusterSnapshot, PodObject } from "../kubernetes/apiObjects.ts";
import { findEarliestStart } from "../kubernetes/podStatus.ts";

const progressLineSchema = z.object({
  mixcpt: z.literal("progress"),
  done: z.number().min(0),
  total: z.number().positive(),
  unit: z.string().optional(),
  loss: z.number().nullish(),
  eta_seconds: z.number().min(0).nullish(),
});

/** The progress that a container reports in its log. */
interface LogProgress {
  /** 0 to 1. */
  readonly fraction: number;
  /** Such as `12/24 steps`. */
  readonly text: string;
  readonly loss: number | null;
  readonly etaSeconds: number | null;
}

function parseProgressLine(line: string): LogProgress | null {
  const start = line.indexOf('{"mixcpt"');
  if (start === -1) return null;
  try {
    const { done, total, unit, loss, eta_seconds } = progressLineSchema.parse(JSON.parse(line.slice(start)));
    const text = `${done}/${total}${unit === undefined ? "" : ` ${unit}`}`;
    return { fraction: Math.min(1, done / total), text, loss: loss ?? null, etaSeconds: eta_seconds ?? null };
  } catch {
    return null; // a line that was read while it was being written; the next poll reads all of it
  }
}

/** The last progress line of a pod's log; null if there is none. */
export function findPodProgress(pod: PodObject, { logs }: ClusterSnapshot): LogProgress | null {
  const lines = (logs.get(getObjectName(pod)) ?? "").split("\n");
  return lines.reduceRight<LogProgress | null>((last, line) => last ?? parseProgressLine(line), null);
}

const minEstimateFraction = 0.02;

/**
 * Estimates the seconds left from the pods' earliest start and the fraction done since.
 * Returns null until 2 % are done, since an estimate from less would jump.
 */
export function estimateSecondsLeft(
  pods: readonly PodObject[],
  fraction: number,
  { now }: ClusterSnapshot,
): number | null {
  const start = findEarliestStart(pods);
  if (start === null || fraction < minEstimateFraction) return null;
  return ((now - start) / 1000 / fraction) * (1 - fraction);
}

const escapeCharacter = String.fromCharCode(27);
const ansiSequence = new RegExp(`${escapeCharacter}\\[[0-9;]*[A-Za-z]`, "g");

/** The last line of a log that is not a progress line, without colors; null if there is none. */
export function findLastLine(log: string | undefined): string | null {
  return (
    (log ?? "")
      .split("\n")
      .map((line) => line.replace(ansiSequence, "").trim())
      .findLast((line) => line !== "" && parseProgressLine(line) === null) ?? null
  );
}
