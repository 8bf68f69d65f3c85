import { z } from "zod";
import { getLastLine } from "../terminal/getLastLine.ts";
import { explainProgramFailure, formatRenewal } from "./credentialRenewal.ts";

/** The outcome of a kubectl call that failed, as execa reports it. */
interface KubectlFailure {
  readonly timedOut: boolean;
  /** Set if the program could not be started. */
  readonly code?: string | undefined;
  /** Not set if the program could not be started or was killed. */
  readonly exitCode?: number | undefined;
  readonly stderr: string;
  /** The content of the kubeconfig, to name the program that issues its credentials. */
  readonly kubeconfig?: string | undefined;
}

function findLastErrorLine({ stderr, exitCode }: KubectlFailure): string {
  const end = exitCode === undefined ? "did not exit normally" : `exited with code ${String(exitCode)}`;
  return getLastLine(stderr) || `kubectl ${end} and printed no error`;
}

/** A cluster that responds and refuses: what it said, and what to do. */
export interface AccessRefusal {
  readonly observation: string;
  readonly remedy: string;
}

function formatOtherUser(cluster: string): string {
  return (
    "ask its administrator for the right, " +
    `or choose another user with context in infra/Pulumi.${cluster}.yaml and run ./mixcpt cluster up ${cluster}`
  );
}

/** Explains that a cluster refused kubectl's credentials or rights; undefined for any other failure. */
export function explainKubectlRefusal(cluster: string, failure: KubectlFailure): AccessRefusal | undefined {
  const line = findLastErrorLine(failure);
  if (/\(Unauthorized\)|must be logged in|provide credentials|getting credentials/.test(failure.stderr))
    return { observation: `refused the credentials: ${line}`, remedy: formatRenewal(cluster, failure.kubeconfig) };
  return line.includes("(Forbidden)")
    ? { observation: `denied access: ${line}`, remedy: formatOtherUser(cluster) }
    : undefined;
}

/** Explains in one line why kubectl could not read a cluster. */
export function explainUnreachable(cluster: string, failure: KubectlFailure, timeoutMilliseconds: number): string {
  if (failure.timedOut) return `cluster "${cluster}" did not respond within ${String(timeoutMilliseconds / 1000)} s`;
  if (failure.code === "ENOENT")
    return `kubectl is missing, so cluster "${cluster}" was not read; build it with ./mixcpt setup client`;
  const { observation, remedy } = explainKubectlRefusal(cluster, failure) ?? {};
  if (observation !== undefined) return `cluster "${cluster}" ${observation}; ${remedy ?? ""}`;
  return `could not read cluster "${cluster}": ${findLastErrorLine(failure)}`;
}

/** The API server's own sentence. The client's message also has the body and the headers of the response. */
function extractServerMessage(error: unknown): string | undefined {
  if (!(error instanceof Object && "body" in error)) return undefined;
  const { success, data } = statusSchema.safeParse(parseBody(error.body));
  return success ? data.message : undefined;
}

const statusSchema = z.object({ message: z.string() });

function parseBody(body: unknown): unknown {
  try {
    return typeof body === "string" ? JSON.parse(body) : body;
  } catch {
    return undefined; // the page of a proxy
  }
}

/** Explains in one line that the API server refused a user's credentials or rights, and how to get others. */
function explainRefusal(cluster: string, error: unknown, kubeconfig: string | undefined): string {
  if (hasStatusCode(error, 401))
    return `cluster "${cluster}" refused the credentials (401 Unauthorized); ${formatRenewal(cluster, kubeconfig)}`;
  const message = extractServerMessage(error) ?? "403 Forbidden";
  return `cluster "${cluster}" denied access: ${message}; ${formatOtherUser(cluster)}`;
}

/**
 * Explains in one line why reading a cluster threw an error, and what to do next. With the kubeconfig, it names the
 * program that issues refused credentials.
 */
export function explainClientError(cluster: string, error: unknown, kubeconfig?: string): string {
  if (isAccessDenied(error)) return explainRefusal(cluster, error, kubeconfig);
  const programFailure = kubeconfig && explainProgramFailure(error, kubeconfig);
  if (programFailure) return `could not read cluster "${cluster}": ${programFailure}`;
  const message = extractServerMessage(error) ?? (error instanceof Error ? error.message : String(error));
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

/**
 * True for the API client's error about an object that exists when it is created, that has another id than the
 * request names, or that somebody changed in the meantime.
 */
export function isObjectConflict(error: unknown): boolean {
  return hasStatusCode(error, 409);
}

/** True if the API server refused the credentials. Trying again does not help: they will be refused again. */
export function isAccessDenied(error: unknown): boolean {
  return hasStatusCode(error, 401, 403);
}

/** True if the user is known and lacks a right. */
export function isForbidden(error: unknown): boolean {
  return hasStatusCode(error, 403);
}

/** True for kubectl's error about a kind that is not, or no longer, installed: such a kind has no objects. */
export function isMissingKindError(stderr: string): boolean {
  return /doesn't have a resource type|\(NotFound\)/.test(stderr);
}
