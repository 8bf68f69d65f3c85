import type { IncomingMessage } from "node:http";
import http from "node:http";
import https from "node:https";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import type { KubeConfig } from "@kubernetes/client-node";
import { formatError } from "../../plugins/protocol/formatError.ts";

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
    request.on("error", (error) => reject(new Error(formatError(error), { cause: error })));
  });
}

function decode(response: IncomingMessage): Readable {
  return response.headers["content-encoding"] === "gzip" ? response.compose(createGunzip()) : response;
}

/**
 * Sends a GET request and returns the response, whose body may be endless.
 * @throws Error with the HTTP status as its `code` and the `body`, as the API client's errors have
 */
export async function getResponse(
  connection: ServerConnection,
  path: string,
  query: RequestQuery = {},
): Promise<{ readonly response: IncomingMessage; readonly body: Readable }> {
  const response = await openResponse(connection, path, query);
  const { statusCode: code = 0 } = response;
  if (code === 200) return { response, body: decode(response) };
  const body = await text(decode(response));
  throw Object.assign(new Error(`GET ${path}: the server answered ${code}: ${body.slice(0, 200)}`), { code, body });
}
