/** The outcome of a kubectl call that failed, as execa reports it. */
interface KubectlFailure {
  readonly timedOut: boolean;
  /** Set if the program could not be started. */
  readonly code?: string | undefined;
  /** Not set if the program could not be started or was killed. */
  readonly exitCode?: number | undefined;
  readonly stderr: string;
}

function findLastErrorLine({ stderr, exitCode }: KubectlFailure): string {
  const end = exitCode === undefined ? "did not exit normally" : `exited with code ${String(exitCode)}`;
  return stderr.trim().split("\n").at(-1) || `kubectl ${end} and printed no error`;
}

/** Explains in one line why kubectl could not read a cluster. */
export function explainUnreachable(cluster: string, failure: KubectlFailure, timeoutMilliseconds: number): string {
  if (failure.timedOut) return `cluster "${cluster}" did not respond within ${String(timeoutMilliseconds / 1000)} s`;
  if (failure.code === "ENOENT")
    return `kubectl is missing, so cluster "${cluster}" was not read; build it with ./mixcpt setup client`;
  return `could not read cluster "${cluster}": ${findLastErrorLine(failure)}`;
}

/** Explains in one line why reading a cluster threw an error, and what to do next. */
export function explainClientError(cluster: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `could not read cluster "${cluster}": ${message}; run ./mixcpt doctor to see what is running`;
}

/** The HTTP status of an error of the API client; undefined for any other error, such as one of the network. */
export function getStatusCode(error: unknown): number | undefined {
  return error instanceof Object && "code" in error && typeof error.code === "number" ? error.code : undefined;
}

function hasStatusCode(error: unknown, ...codes: number[]): boolean {
  return codes.some((code) => code === getStatusCode(error));
}

/** True for the API client's error about an object, or a kind, that does not exist. */
export function isNotFoundError(error: unknown): boolean {
  return hasStatusCode(error, 404);
}

/** True if the API server refused the credentials. Trying again does not help: they will be refused again. */
export function isAccessDenied(error: unknown): boolean {
  return hasStatusCode(error, 401, 403);
}

/** True for kubectl's error about a kind that is not, or no longer, installed: such a kind has no objects. */
export function isMissingKindError(stderr: string): boolean {
  return /doesn't have a resource type|\(NotFound\)/.test(stderr);
}
