import { clock } from "../terminal/clock.ts";
import { memoryPeakGiB, sampleMemory } from "./memory.ts";

/** How long each part took and how much memory all of it held at most. */
export class Figures {
  readonly #seconds = new Map<string, number>();
  readonly #stopSampling = sampleMemory();

  async time<T>(part: string, work: () => Promise<T>): Promise<T> {
    const started = Date.now();
    try {
      return await work();
    } finally {
      this.#seconds.set(part, (Date.now() - started) / 1000);
    }
  }

  print(): void {
    this.#stopSampling();
    console.log("\nfigures");
    for (const [part, seconds] of this.#seconds) console.log(`  ${part.padEnd(12)} ${clock(seconds).padStart(8)}`);
    console.log(`  ${"memory, peak".padEnd(12)} ${memoryPeakGiB().toFixed(1).padStart(5)} GiB`);
  }
}
