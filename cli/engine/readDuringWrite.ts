import { setTimeout as sleep } from "node:timers/promises";

/** The error of Pulumi about a state that another Pulumi is writing. */
const halfWrittenPattern = /failed to load checkpoint: .*EOF/;
const readingAttempts = 10;
const writingMilliseconds = 100;

/**
 * Reads a state that another command may be writing. Pulumi's file backend replaces a state in one step, but writes its
 * attributes (`.attrs`) in place, hundreds of times in an `up`: whoever reads them just then gets an error.
 * @throws the error of the last attempt, or the first other one
 */
export async function readDuringWrite<Value>(read: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (attempt >= readingAttempts || !halfWrittenPattern.test(String(error))) throw error;
    }
    await sleep(writingMilliseconds);
  }
}
