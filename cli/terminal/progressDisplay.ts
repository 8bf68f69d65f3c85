import { createLogUpdate } from "log-update";
import { explainError } from "../explainError.ts";
import { getOutputWidth, truncateToWidth } from "./fitToWidth.ts";
import { renderBar, formatDuration } from "./durationAndBar.ts";

/** Work with a known usual duration. */
interface WorkItem {
  readonly title: string;
  readonly minutes: number;
}

/**
 * Shows work items as they start and end, with the percentage done and the remaining time.
 * On a terminal the last line is a moving bar; otherwise only plain lines are printed.
 */
export class ProgressDisplay {
  readonly #totalMinutes: number;
  readonly #startedMs = Date.now();
  readonly #runningItems = new Set<WorkItem>();
  readonly #writeLine: ((text: string) => void) | undefined;
  readonly #output: NodeJS.WriteStream;
  readonly #timer: NodeJS.Timeout | undefined;
  #finishedMinutes = 0;

  constructor(items: readonly WorkItem[], output: NodeJS.WriteStream = process.stdout) {
    this.#totalMinutes = items.reduce((sum, item) => sum + item.minutes, 0);
    this.#output = output;
    if (!output.isTTY) return;
    this.#writeLine = createLogUpdate(output, { showCursor: true });
    this.#timer = setInterval(() => this.#drawBar(), 1000);
  }

  async runWorkItem<T>(item: WorkItem, work: () => Promise<T>): Promise<T> {
    const startedMs = Date.now();
    this.#runningItems.add(item);
    this.#printLine(`  …  ${item.title} (usually ${String(item.minutes)} min)`);
    try {
      const result = await work();
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

  /** Extrapolates the remaining time from the pace so far. */
  #formatSummary(): string {
    const elapsedSeconds = (Date.now() - this.#startedMs) / 1000;
    const secondsPerMinute = this.#finishedMinutes === 0 ? 60 : elapsedSeconds / this.#finishedMinutes;
    const share = this.#finishedMinutes / this.#totalMinutes;
    const remainingSeconds = (this.#totalMinutes - this.#finishedMinutes) * secondsPerMinute;
    return `${(100 * share).toFixed(0)} %, about ${formatDuration(remainingSeconds)} left`;
  }

  #printLine(text: string): void {
    this.#writeLine?.("");
    console.log(text);
    this.#drawBar();
  }

  #drawBar(): void {
    const names = [...this.#runningItems].map((item) => item.title).join(", ");
    const line = `${renderBar(this.#finishedMinutes / this.#totalMinutes)} ${this.#formatSummary()} · ${names}`;
    this.#writeLine?.(truncateToWidth(line, getOutputWidth(this.#output)));
  }
}
