import { getListAt, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";

/** The API server's own "no": HTTP status, its reason word, and the fields it names. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly fields: string[];

  constructor(code: number, status: Properties) {
    super(getTextAt(status, "message") || `the API server answered with status ${code}`);
    this.code = code;
    this.reason = getTextAt(status, "reason");
    this.fields = getListAt(status, "details", "causes").map((cause) => getTextAt(cause, "field"));
  }
}

/** Nobody answers at the cluster's address, or not in TLS that we trust. */
export class UnreachableError extends Error {}

/** The API server does not serve this kind: its CustomResourceDefinition is not there (yet). */
export class KindNotServedError extends Error {}

/** The engine was told to stop. */
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

/** The API server looked at the object and refuses it as it is: no retry helps. */
export function isInvalidObject(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 422 || error.code === 400);
}

/** Its rules of access, or an admission webhook, deny it. */
export function isForbiddenError(error: unknown): boolean {
  return error instanceof ApiError && error.code === 403;
}

// The server calls webhooks before their pods, endpoints or certificates are there.
const webhookCallPattern = /failed calling webhook|failed to call webhook|conversion webhook/;
const webhookNotReadyPattern =
  /connection refused|no endpoints available|i\/o timeout|deadline exceeded|unknown authority|no route to host|EOF|service ".*" not found|tls:|x509:|503/;

/** An admission or conversion webhook that does not answer yet. */
export function isWebhookNotReady(error: unknown): boolean {
  return (
    error instanceof ApiError && webhookCallPattern.test(error.message) && webhookNotReadyPattern.test(error.message)
  );
}

/** How long a failure may be waited out, in seconds; 0 where waiting does not help. */
export function computeRetrySeconds(error: unknown): number {
  if (error instanceof KindNotServedError) return 30;
  if (isWebhookNotReady(error)) return 120;
  if (error instanceof UnreachableError) return 15;
  if (!(error instanceof ApiError)) return 0;
  if (error.code === 429 || error.code === 503) return 60;
  // A namespace, or a service account that a pod names, made by the same `up` a moment later.
  if (error.code === 404 || /serviceaccount .* not found/.test(error.message)) return 30;
  return 0;
}
