import { setTimeout as sleep } from "node:timers/promises";
import { isAccessDenied } from "./apiErrors.ts";

const maxAttempts = 15;

interface RetryPauses {
  readonly pauseMilliseconds: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads from a server; one that fails for a moment, such as during its upgrade, is asked again.
 * @throws the error of the last attempt, or the first that refuses access; AbortError if the signal ends the pause
 */
export async function retryReading<Value>(
  read: () => Promise<Value>,
  { pauseMilliseconds, signal }: RetryPauses,
): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (isAccessDenied(error) || attempt >= maxAttempts) throw error;
    }
    await sleep(pauseMilliseconds, undefined, { ...(signal && { signal }) });
  }
}
