import { listAt, textAt } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";

/** The API server's own "no": HTTP status, its reason word, and the fields it names. */
export class ApiFailure extends Error {
  readonly code: number;
  readonly reason: string;
  readonly fields: string[];

  constructor(code: number, status: Properties) {
    super(textAt(status, "message") || `the API server answered with status ${code}`);
    this.code = code;
    this.reason = textAt(status, "reason");
    this.fields = listAt(status, "details", "causes").map((cause) => textAt(cause, "field"));
  }
}

/** Nobody answers at the cluster's address, or not in TLS that we trust. */
export class Unreachable extends Error {}

/** The API server does not serve this kind: its CustomResourceDefinition is not there (yet). */
export class NotServed extends Error {}

/** The engine was told to stop. */
export class Cancelled extends Error {
  constructor() {
    super("cancelled");
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof NotServed || (error instanceof ApiFailure && error.code === 404);
}

export function isConflict(error: unknown): boolean {
  return error instanceof ApiFailure && error.code === 409;
}

/** The API server looked at the object and refuses it as it is: no retry helps. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ApiFailure && (error.code === 422 || error.code === 400);
}

/** Its rules of access, or an admission webhook, deny it. */
export function isForbidden(error: unknown): boolean {
  return error instanceof ApiFailure && error.code === 403;
}

// The server calls webhooks before their pods, endpoints or certificates are there.
const lateWebhook = /failed calling webhook|failed to call webhook|conversion webhook/;
const lateCause = /connection refused|no endpoints available|i\/o timeout|deadline exceeded|unknown authority|no route to host|EOF|service ".*" not found|tls:|x509:|503/;

/** An admission or conversion webhook that does not answer yet. */
export function isLateWebhook(error: unknown): boolean {
  return error instanceof ApiFailure && lateWebhook.test(error.message) && lateCause.test(error.message);
}

/** How long a failure may be waited out, in seconds; 0 where waiting does not help. */
export function patience(error: unknown): number {
  if (error instanceof NotServed) return 30;
  if (isLateWebhook(error)) return 120;
  if (error instanceof Unreachable) return 15;
  if (!(error instanceof ApiFailure)) return 0;
  if (error.code === 429 || error.code === 503) return 60;
  // A namespace, or a service account that a pod names, made by the same `up` a moment later.
  if (error.code === 404 || /serviceaccount .* not found/.test(error.message)) return 30;
  return 0;
}
