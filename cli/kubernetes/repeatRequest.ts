import { setTimeout as sleep } from "node:timers/promises";

interface ServerAnswer {
  readonly httpStatusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

interface RepeatedRequest {
  readonly method: string;
  readonly signal?: AbortSignal | undefined;
}

/** Attempts at a request that the server refuses for now, as many as kubectl makes. */
const refusedAttempts = 10;
const longestPauseSeconds = 10;
/** Attempts at a request whose connection is lost before the answer is complete. */
const lostAttempts = 3;
const lostPauseMs = 200;

/** Seconds to wait before the request is repeated; undefined if the server does not ask for that. */
function getRetryAfter({ httpStatusCode, headers }: ServerAnswer): number | undefined {
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  if (Number.isNaN(seconds)) return httpStatusCode === 429 ? 1 : undefined;
  return httpStatusCode === 429 || httpStatusCode >= 500 ? Math.min(seconds, longestPauseSeconds) : undefined;
}

/** True if the same request may be sent again although the server may have done what it asks. */
function isRepeatable({ method }: RepeatedRequest, error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return ["GET", "DELETE"].includes(method) && ["ECONNRESET", "EPIPE"].includes(String(code));
}

/**
 * Sends a request again while the server refuses it for now (429, or an error with `Retry-After`), after the time that
 * it names, and if the connection is lost before the answer.
 * @throws the last error of the connection; AbortError if the signal ends a pause
 */
export async function repeatRequest<Answer extends ServerAnswer>(
  request: RepeatedRequest,
  send: () => Promise<Answer>,
): Promise<Answer> {
  const options = request.signal === undefined ? {} : { signal: request.signal };
  for (let [refused, lost] = [1, 1]; ;) {
    try {
      const answer = await send();
      const seconds = getRetryAfter(answer);
      if (seconds === undefined || refused >= refusedAttempts) return answer;
      refused += 1;
      await sleep(1000 * seconds, undefined, options);
    } catch (error) {
      if (!isRepeatable(request, error) || lost >= lostAttempts) throw error;
      lost += 1;
      await sleep(lostPauseMs, undefined, options);
    }
  }
}
