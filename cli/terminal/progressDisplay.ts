import { createLogUpdate } from "log-update";
import { renderBar, formatDuration } from "./durationAndBar.ts";

/** Work of a known usual length. */
export interface WorkItem {
  readonly title: string;
  readonly minutes: number;
}

/**
 * Shows pieces of work as they start and end, with percent and the time left.
 * On a terminal the last line is a moving bar; elsewhere there are plain lines only.
 */
export class ProgressDisplay {
  readonly #total: number;
  readonly #started = Date.now();
  readonly #running = new Set<WorkItem>();
  readonly #draw: ((text: string) => void) | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #finished = 0;

  constructor(pieces: readonly WorkItem[], output: NodeJS.WriteStream = process.stdout) {
    this.#total = pieces.reduce((sum, piece) => sum + piece.minutes, 0);
    if (!output.isTTY) return;
    this.#draw = createLogUpdate(output, { showCursor: true });
    this.#timer = setInterval(() => this.#redraw(), 1000);
  }

  async runWorkItem<T>(piece: WorkItem, work: () => Promise<T>): Promise<T> {
    const started = Date.now();
    this.#running.add(piece);
    this.#line(`  …  ${piece.title} (usually ${String(piece.minutes)} min)`);
    try {
      const result = await work();
      this.#finished += piece.minutes;
      this.#running.delete(piece);
      this.#line(`  ✓  ${piece.title} in ${formatDuration((Date.now() - started) / 1000)}   [${this.#summary()}]`);
      return result;
    } catch (error) {
      this.#line(`  ✗  ${piece.title}: ${String(error instanceof Error ? error.message : error).split("\n")[0] ?? ""}`);
      throw error;
    } finally {
      this.#running.delete(piece);
    }
  }

  closeDisplay(): void {
    clearInterval(this.#timer);
    this.#draw?.("");
  }

  /** What is left, in the time that the work so far took for its usual minutes. */
  #summary(): string {
    const elapsed = (Date.now() - this.#started) / 1000;
    const pace = this.#finished === 0 ? 60 : elapsed / this.#finished;
    const share = this.#finished / this.#total;
    return `${(100 * share).toFixed(0)} %, about ${formatDuration((this.#total - this.#finished) * pace)} left`;
  }

  #line(text: string): void {
    this.#draw?.("");
    console.log(text);
    this.#redraw();
  }

  #redraw(): void {
    const names = [...this.#running].map((piece) => piece.title).join(", ");
    this.#draw?.(`${renderBar(this.#finished / this.#total)} ${this.#summary()} · ${names}`);
  }
}
