import { createLogUpdate } from "log-update";
import { explainError } from "../explainError.ts";
import { getOutputWidth, truncateToWidth } from "./fitToWidth.ts";
import { renderBar, formatDuration } from "./durationAndBar.ts";
import { estimateRemainingSeconds } from "./remainingTime.ts";

/** Work with a known usual duration. */
interface WorkItem {
  readonly title: string;
  readonly minutes: number;
}

/** The bytes of one file; the total is unknown where the server does not tell it. */
interface ByteCount {
  readonly received: number;
  readonly total: number | undefined;
}

/** Shows what happens inside a work item. */
export interface WorkReporter {
  /** Prints a line above the bar. */
  readonly printLine: (text: string) => void;
  /** Counts the bytes of a download, which the bar shows. */
  readonly countBytes: (file: string, count: ByteCount) => void;
}

/**
 * Shows work items as they start and end, with the percentage done and the remaining time.
 * On a terminal the last line is a moving bar; otherwise only plain lines are printed.
 */
export class ProgressDisplay {
  readonly #totalMinutes: number;
  readonly #startedMs = Date.now();
  /** With the times of their start, in milliseconds. */
  readonly #runningItems = new Map<WorkItem, number>();
  readonly #writeLine: ((text: string) => void) | undefined;
  readonly #output: NodeJS.WriteStream;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #downloads = new Map<string, ByteCount>();
  #finishedMinutes = 0;

  constructor(items: readonly WorkItem[], output: NodeJS.WriteStream = process.stdout) {
    this.#totalMinutes = items.reduce((sum, item) => sum + item.minutes, 0);
    this.#output = output;
    if (!output.isTTY) return;
    this.#writeLine = createLogUpdate(output, { showCursor: true });
    this.#timer = setInterval(() => this.#drawBar(), 1000);
  }

  async runWorkItem<T>(item: WorkItem, work: (reporter: WorkReporter) => Promise<T>): Promise<T> {
    const startedMs = Date.now();
    this.#runningItems.set(item, startedMs);
    this.#printLine(`  …  ${item.title} (usually ${String(item.minutes)} min)`);
    try {
      const result = await work({
        printLine: (text) => this.#printLine(text),
        countBytes: (file, count) => this.#downloads.set(file, count),
      });
      this.#finishedMinutes += item.minutes;
      this.#runningItems.delete(item);
      this.#printLine(
        `  ✓  ${item.title} in ${formatDuration((Date.now() - startedMs) / 1000)}   [${this.#formatSummary()}]`,
      );
      return result;
    } catch (error) {
      this.#printLine(`  ✗  ${item.title}: ${explainError(error).split("\n")[0] ?? ""}`);
      throw error;
    } finally {
      this.#runningItems.delete(item);
    }
  }

  closeDisplay(): void {
    clearInterval(this.#timer);
    this.#writeLine?.("");
  }

  #formatSummary(): string {
    const now = Date.now();
    const running = [...this.#runningItems].map(([{ minutes }, startedMs]) => ({
      usual: minutes,
      elapsed: (now - startedMs) / 60_000,
    }));
    const progress = { total: this.#totalMinutes, finished: this.#finishedMinutes, running };
    const remainingSeconds = estimateRemainingSeconds(progress, (now - this.#startedMs) / 1000);
    const share = this.#finishedMinutes / this.#totalMinutes;
    return `${(100 * share).toFixed(0)} %, about ${formatDuration(remainingSeconds)} left`;
  }

  /** Such as ` · 34 of 58 MB`; empty before the first download. */
  #formatDownloads(): string {
    if (this.#downloads.size === 0) return "";
    const counts = [...this.#downloads.values()];
    const formatMegabytes = (values: readonly number[]): string =>
      (values.reduce((sum, value) => sum + value, 0) / 1e6).toFixed(0);
    const totals = counts.map(({ received, total = received }) => total);
    return ` · ${formatMegabytes(counts.map(({ received }) => received))} of ${formatMegabytes(totals)} MB`;
  }

  #printLine(text: string): void {
    this.#writeLine?.("");
    console.log(text);
    this.#drawBar();
  }

  #drawBar(): void {
    const names = [...this.#runningItems.keys()].map((item) => item.title).join(", ");
    const summary = `${this.#formatSummary()}${this.#formatDownloads()}`;
    const line = `${renderBar(this.#finishedMinutes / this.#totalMinutes)} ${summary} · ${names}`;
    this.#writeLine?.(truncateToWidth(line, getOutputWidth(this.#output)));
  }
}
