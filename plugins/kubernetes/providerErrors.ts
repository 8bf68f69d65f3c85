import { getListAt, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";

/** A time in which a server does not answer as it should, shared by all requests that it interrupts. */
export interface ServerOutage {
  readonly startMs: number;
  /** How long to retry from the start, in seconds: the longest time of its failures. */
  readonly limitSeconds: number;
}

/** A failed request, and the outage that it is part of. */
class RequestError extends Error {
  outage?: ServerOutage;
}

/** An error response of the API server: HTTP status, reason and the fields that it names. */
export class ApiError extends RequestError {
  readonly code: number;
  readonly reason: string;
  readonly fields: string[];
  /** The response, under the name that the errors of the vendor's client use. */
  readonly body: Properties;

  constructor(code: number, status: Properties) {
    super(getTextAt(status, "message") || `the API server responded with status ${code}`);
    this.code = code;
    this.body = status;
    this.reason = getTextAt(status, "reason");
    this.fields = getListAt(status, "details", "causes").map((cause) => getTextAt(cause, "field"));
  }
}

/** No server responds at the cluster's address, or its certificate is not trusted. */
export class UnreachableError extends RequestError {}

/** The API server does not serve this kind: its CustomResourceDefinition is not installed (yet). */
export class KindNotServedError extends Error {}

/** The engine cancelled the operation. */
export class CancelledError extends Error {
  constructor() {
    super("cancelled");
  }
}

export function isMissingObjectError(error: unknown): boolean {
  return error instanceof KindNotServedError || (error instanceof ApiError && error.code === 404);
}

export function isConflictError(error: unknown): boolean {
  return error instanceof ApiError && error.code === 409;
}

/** True if the API server rejected the object as invalid, so that a retry cannot help. */
export function isInvalidObject(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 422 || error.code === 400);
}

/** True if access rules or an admission webhook denied the request. */
export function isForbiddenError(error: unknown): boolean {
  return error instanceof ApiError && error.code === 403;
}

// The server calls webhooks before their pods, endpoints or certificates are ready.
const webhookCallPattern = /failed calling webhook|failed to call webhook|conversion webhook/;
const webhookNotReadyPattern = new RegExp(
  [
    "connection refused",
    "no endpoints available",
    "i/o timeout",
    "deadline exceeded",
    "unknown authority",
    "no route to host",
    "EOF",
    'service ".*" not found',
    "tls:",
    "x509:",
    "503",
  ].join("|"),
);

/** True if an admission or conversion webhook does not respond yet. */
export function isWebhookNotReady(error: unknown): boolean {
  return (
    error instanceof ApiError && webhookCallPattern.test(error.message) && webhookNotReadyPattern.test(error.message)
  );
}

/** The code of a request to a server that has accepted the connection and then is silent. */
export const silentServerCode = "ESILENT";

function getConnectionCode({ cause }: UnreachableError): string {
  const { code } = (cause ?? {}) as { code?: unknown };
  return String(code);
}

/** True if a server that exists was not running, was too busy to answer, or restarted during the request. */
function isConnectionLost(error: UnreachableError): boolean {
  return ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", silentServerCode].includes(
    getConnectionCode(error),
  );
}

// The answer about a right that is missing, or whose rules a server that has just started has not read yet.
const missingRightPattern = /user "[^"]*".* (cannot|is attempting to grant)|not yet ready to handle request/i;

/**
 * True if the server rejected a Service because it could not reach itself to reserve the address: it is stopping or
 * has just started.
 */
function isAddressNotAllocated({ code, message }: ApiError): boolean {
  return code === 422 && /failed to allocate IP: \w+ "https:/.test(message);
}

/**
 * Returns how long to retry after an answer of a server that may be restarting or overloaded, in seconds; 0 for any
 * other failure.
 */
export function computeOutageSeconds(error: unknown): number {
  if (error instanceof UnreachableError) return isConnectionLost(error) ? 60 : 15;
  if (!(error instanceof ApiError)) return 0;
  if (error.code === 429 || error.code >= 500 || isAddressNotAllocated(error)) return 60;
  return isForbiddenError(error) && missingRightPattern.test(error.message) ? 20 : 0;
}

/**
 * The same for a command that only asks and changes nothing without an answer. Where nobody listens, or where no route
 * leads, is no busy server: it may be one that restarts, which takes half a minute, or a wrong address.
 */
export function computeQuestionSeconds(error: unknown): number {
  const seconds = computeOutageSeconds(error);
  if (!(error instanceof UnreachableError)) return seconds;
  const limits: Readonly<Record<string, number>> = { ECONNREFUSED: 30, EHOSTUNREACH: 15 };
  return Math.min(seconds, limits[getConnectionCode(error)] ?? seconds);
}

// A control plane on one busy processor needed two minutes until it answered, and another one until its rules applied.
const lostServerSeconds = 300;

/**
 * Adds a failure to the outage that lasts, if any; undefined after a failure of another kind. A server that has
 * answered before and is gone is waited for longer than an address at which none was seen.
 */
export function extendOutage(
  outage: ServerOutage | undefined,
  error: unknown,
  hasAnswered: boolean,
): ServerOutage | undefined {
  const seconds = hasAnswered && error instanceof UnreachableError ? lostServerSeconds : computeOutageSeconds(error);
  // Only some requests call a webhook.
  if (!(error instanceof RequestError) || seconds === 0 || isWebhookNotReady(error)) return undefined;
  error.outage = { startMs: outage?.startMs ?? Date.now(), limitSeconds: Math.max(outage?.limitSeconds ?? 0, seconds) };
  return error.outage;
}

/** The outage that a failed request is part of, if any. */
export function getOutage(error: Error): ServerOutage | undefined {
  return error instanceof RequestError ? error.outage : undefined;
}

/** Returns how long to wait for the end of a failure's outage, in seconds from its start; 0 if it is part of none. */
export function computeOutageLimit(error: Error): number {
  return getOutage(error)?.limitSeconds ?? computeOutageSeconds(error);
}

/** Returns how long to retry after a failure, in seconds; 0 if waiting does not help. */
export function computeRetrySeconds(error: unknown): number {
  if (error instanceof KindNotServedError) return 30;
  if (isWebhookNotReady(error)) return 120;
  const outageSeconds = computeOutageSeconds(error);
  if (outageSeconds > 0 || !(error instanceof ApiError)) return outageSeconds;
  // The same `up` may create the missing namespace or service account a moment later.
  if (error.code === 404 || /serviceaccount .* not found/.test(error.message)) return 30;
  return 0;
}
