import { setTimeout as sleep } from "node:timers/promises";
import { getStatusCode, isForbidden } from "./apiErrors.ts";

const maxAttempts = 15;
/** Denials of what the server allowed before: one that has just started has not read its access rules for seconds. */
const maxDenials = 10;

interface OutagePatience {
  readonly pauseMilliseconds: number;
  readonly attempts?: number;
  /** True if the server has allowed the like before, so that a denial may pass. A right that is missing never comes. */
  readonly wasAllowed?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** True if the answer to the same request may be another one the next time, or if there was none. */
function mayPass(error: unknown, outlastsDenial: boolean): boolean {
  if (error instanceof TypeError) return false; // a fault of this program
  if (isForbidden(error)) return outlastsDenial;
  const code = getStatusCode(error) ?? 500;
  return code >= 500 || code === 429;
}

/**
 * Sends a request, which must be safe to repeat; a server that fails for a moment, such as during its upgrade, is asked
 * again.
 * @throws the error of the last attempt, or the first that does not pass; AbortError if the signal ends the pause
 */
export async function outlastOutage<Value>(
  send: () => Promise<Value>,
  { pauseMilliseconds, attempts = maxAttempts, wasAllowed = false, signal }: OutagePatience,
): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (attempt >= attempts || !mayPass(error, wasAllowed && attempt < maxDenials)) throw error;
    }
    await sleep(pauseMilliseconds, undefined, { ...(signal && { signal }) });
  }
}
