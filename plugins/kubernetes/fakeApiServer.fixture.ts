import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { KubeConfig } from "@kubernetes/client-node";
import { ApiConnection } from "./apiConnection.ts";

interface FakeAnswer {
  readonly status: number;
  readonly body?: object;
}

interface FakeApiServer {
  readonly port: number;
  /** The paths of all requests, in order. */
  readonly paths: readonly string[];
  connect(): ApiConnection;
  stop(): void;
}

/** A connection without credentials, which needs no client of the vendor: Jest does not load that. */
export function connectWithoutCredentials(port: number): ApiConnection {
  return new ApiConnection({
    getCurrentCluster: () => ({ server: `http://127.0.0.1:${String(port)}` }),
    applyToHTTPSOptions: () => Promise.resolve(),
  } as unknown as KubeConfig);
}

/**
 * Starts an HTTP server that gives these answers in turn, and the last one from then on, or the answer to each path.
 * Port 0 means a free one.
 */
export async function startFakeApiServer(
  answers: readonly FakeAnswer[] | ((path: string) => FakeAnswer),
  port = 0,
): Promise<FakeApiServer> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const { url = "" } = request;
    const answer = typeof answers === "function" ? answers(url) : answers[Math.min(paths.length, answers.length - 1)];
    const { status, body = {} } = answer ?? { status: 200 };
    paths.push(url);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: actualPort } = server.address() as AddressInfo;
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port: actualPort, paths, connect: () => connectWithoutCredentials(actualPort), stop };
}
