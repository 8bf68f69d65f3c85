import type { IncomingMessage } from "node:http";
import http from "node:http";
import https from "node:https";
import { pipeline } from "node:stream";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import type { KubeConfig } from "@kubernetes/client-node";
import { formatError } from "../../plugins/protocol/formatError.ts";
import { repeatRequest } from "./repeatRequest.ts";

/** An API server, and the limits of requests to it. */
export interface ServerConnection {
  readonly config: Pick<KubeConfig, "applyToHTTPSOptions">;
  readonly server: string;
  /** Ends all requests, those that are open as well. */
  readonly signal?: AbortSignal | undefined;
  /** The longest silence of the server before it responds. */
  readonly timeoutMs: number;
}

export type RequestQuery = Readonly<Record<string, string | undefined>>;

function buildAddress(server: string, path: string, query: RequestQuery): URL {
  const url = new URL(server.replace(/\/$/, "") + path);
  const values = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  url.search = new URLSearchParams(values).toString();
  return url;
}

async function openResponse(
  { config, server, signal, timeoutMs }: ServerConnection,
  path: string,
  query: RequestQuery,
): Promise<IncomingMessage> {
  const url = buildAddress(server, path, query);
  const options: https.RequestOptions = { headers: { accept: "application/json", "accept-encoding": "gzip" } };
  await config.applyToHTTPSOptions(options);
  const { get } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const request = get(url, { ...options, timeout: timeoutMs, ...(signal && { signal }) }, resolve);
    const silence = `no response within ${timeoutMs / 1000} s from ${url.origin}`;
    request.on("timeout", () => request.destroy(new Error(silence)));
    request.on("error", (error: NodeJS.ErrnoException) =>
      reject(Object.assign(new Error(formatError(error), { cause: error }), { code: error.code })),
    );
  });
}

/** Decodes a body. Who reads it gets the error of a connection that ends too early, or that a signal ends. */
function decode(response: IncomingMessage): Readable {
  if (response.headers["content-encoding"] !== "gzip") return response;
  return pipeline(response, createGunzip(), () => undefined); // an error also destroys what is read
}

interface Answer {
  readonly httpStatusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly response: IncomingMessage;
  readonly body: Readable;
  /** The whole body of an answer that is none. */
  readonly refusal: string;
}

async function receiveAnswer(connection: ServerConnection, path: string, query: RequestQuery): Promise<Answer> {
  const response = await openResponse(connection, path, query);
  const { statusCode: httpStatusCode = 0 } = response;
  const retryAfter = response.headers["retry-after"];
  const headers: Answer["headers"] = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  const body = decode(response);
  return { httpStatusCode, headers, response, body, refusal: httpStatusCode === 200 ? "" : await text(body) };
}

/**
 * Sends a GET request and returns the response, whose body may be endless. A server that refuses for now, or that is
 * lost before its answer, is asked again.
 * @throws Error with the HTTP status as its `code` and the `body`, as the API client's errors have
 */
export async function getResponse(
  connection: ServerConnection,
  path: string,
  query: RequestQuery = {},
): Promise<Pick<Answer, "response" | "body">> {
  const request = { method: "GET", signal: connection.signal };
  const answer = await repeatRequest(request, () => receiveAnswer(connection, path, query));
  const { httpStatusCode: code, refusal: body } = answer;
  if (code === 200) return answer;
  throw Object.assign(new Error(`GET ${path}: the server answered ${code}: ${body.slice(0, 200)}`), { code, body });
}
