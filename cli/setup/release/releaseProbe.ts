import { explainFetchError } from "./explainFetchError.ts";

const releaseTimeoutMilliseconds = 3000;

/** An official release is reachable, or the reason why not. */
export type ReleaseProbe = { readonly isReachable: true } | { readonly isReachable: false; readonly reason: string };

/**
 * Asks once, without a body and for at most three seconds, whether a server has a file. Redirects count as yes, and so
 * does the request to log in by which container registries answer.
 */
export async function probeRelease(url: string): Promise<ReleaseProbe> {
  try {
    const signal = AbortSignal.timeout(releaseTimeoutMilliseconds);
    const { status } = await fetch(url, { method: "HEAD", redirect: "manual", signal });
    return status < 400 || status === 401
      ? { isReachable: true }
      : { isReachable: false, reason: `HTTP status ${String(status)}` };
  } catch (error) {
    const isTimeout = (error as Error).name === "TimeoutError";
    const reason = isTimeout ? `no answer in ${String(releaseTimeoutMilliseconds / 1000)} s` : explainFetchError(error);
    return { isReachable: false, reason };
  }
}
