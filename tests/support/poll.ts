import { setTimeout as delay } from "node:timers/promises";

/**
 * Calls `fetchValue` repeatedly until it returns a value.
 * @throws Error if it returns none within the given seconds
 */
export async function pollUntilDefined<T>(
  what: string,
  { seconds, intervalMs }: { seconds: number; intervalMs: number },
  fetchValue: () => Promise<T | undefined>,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await fetchValue();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`${what}: did not happen within ${String(seconds)} s`);
    await delay(intervalMs);
  }
}
