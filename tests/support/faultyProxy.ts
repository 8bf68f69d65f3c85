import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

interface KubeconfigContent {
  readonly clusters: readonly { cluster: { server: string; "certificate-authority-data": string } }[];
}

/** The faults of a proxy; each request draws its own. */
export interface ProxyFaults {
  /** The longest delay of a request, in milliseconds. */
  readonly delayMs: number;
  /** The share of requests that are answered with 429 Too Many Requests and `Retry-After: 1`. */
  readonly refusedShare: number;
  /** The share of requests whose connection is closed after the server has done what they ask. */
  readonly lostShare: number;
}

/** A proxy in front of an API server that is slow, refuses and loses answers at random. */
export interface FaultyProxy {
  /** The kubeconfig of the API server, by way of the proxy. */
  readonly kubeconfig: string;
  readonly counts: { passed: number; refused: number; lost: number };
  /** Faults of requests from now on. */
  setFaults(faults: ProxyFaults): void;
  stop(): Promise<void>;
}

export const noFaults: ProxyFaults = { delayMs: 0, refusedShare: 0, lostShare: 0 };

/** The answer of an API server that limits its clients (priority and fairness). */
function refuseRequest(response: http.ServerResponse): void {
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "TooManyRequests", code: 429 };
  response.writeHead(429, { "content-type": "application/json", "retry-after": "1" });
  response.end(JSON.stringify({ ...status, message: "Too many requests, please try again later." }));
}

interface Server {
  readonly address: string;
  readonly ca: string;
}

function forwardRequest(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  { address, ca, loses }: Server & { loses: boolean },
): void {
  const { method, headers, url = "/" } = request;
  const forwarded = https.request(`${address}${url}`, { method, headers, ca }, (answer) => {
    if (loses) {
      answer.resume().on("end", () => response.destroy());
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  forwarded.on("error", () => response.destroy());
  response.on("close", () => forwarded.destroy());
  request.pipe(forwarded);
}

/** Starts a proxy on loopback; `random` decides which request meets which fault. */
export async function startFaultyProxy(kubeconfig: string, random: () => number): Promise<FaultyProxy> {
  const content = JSON.parse(kubeconfig) as KubeconfigContent;
  const [entry] = content.clusters;
  if (entry === undefined) throw new Error("the kubeconfig has no cluster");
  const { server: address, "certificate-authority-data": authority } = entry.cluster;
  const ca = Buffer.from(authority, "base64").toString();
  const counts = { passed: 0, refused: 0, lost: 0 };
  let faults = noFaults;
  const proxy = http.createServer((request, response) => {
    const draw = random();
    const [refuses, loses] = [draw < faults.refusedShare, draw > 1 - faults.lostShare];
    counts[refuses ? "refused" : loses ? "lost" : "passed"] += 1;
    void delay(faults.delayMs * random()).then(() => {
      if (refuses) refuseRequest(response);
      else forwardRequest(request, response, { address, ca, loses });
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const port = String((proxy.address() as AddressInfo).port);
  const clusters = [
    { name: "test", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } },
  ];
  return {
    kubeconfig: JSON.stringify({ ...content, clusters }),
    counts,
    setFaults: (changed) => {
      faults = changed;
    },
    stop: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        proxy.closeAllConnections();
      }),
  };
}
