/** A plan does not wait for a cluster that is away. */
export const planTimeoutMilliseconds = 2000;

/** What is known of a call of kubectl that did not give its answer. */
export interface KubectlFailure {
  readonly timedOut: boolean;
  /** Where the program could not be started. */
  readonly code?: string | undefined;
  readonly stderr: string;
}

/** Why a cluster says nothing of its scores, for the plan's page. */
export function explainUnreachable(cluster: string, { timedOut, code, stderr }: KubectlFailure): string {
  if (timedOut) return `cluster ${cluster} does not answer within ${String(planTimeoutMilliseconds / 1000)} s`;
  if (code === "ENOENT")
    return `kubectl is missing, so that cluster ${cluster} was not asked: ./mixcpt setup client builds it`;
  return `cluster ${cluster} does not say: ${stderr.trim().split("\n").at(-1) || "kubectl ended without a word"}`;
}
