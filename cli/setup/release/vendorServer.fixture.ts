import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { env } from "node:process";

type Reply = string | Buffer | ((response: ServerResponse) => void);

/** A server on this machine that stands in for the vendors; its files are named `HOST/PATH`. */
export interface VendorServer {
  readonly files: Map<string, Reply>;
  readonly requests: string[];
  readonly address: string;
  readonly close: () => Promise<void>;
}

export function hashContent(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Starts the server and makes it the mirror of the official releases. */
export async function startVendorServer(): Promise<VendorServer> {
  const files = new Map<string, Reply>();
  const requests: string[] = [];
  const server = createServer(({ method = "", url = "" }, response) => {
    requests.push(`${method} ${url.slice(1)}`);
    const reply = files.get(url.slice(1));
    if (typeof reply === "function") return reply(response);
    response.writeHead(reply === undefined ? 404 : 200);
    response.end(method === "HEAD" ? undefined : reply);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  env["MIXCPT_RELEASES"] = address;
  const close = async () => {
    delete env["MIXCPT_RELEASES"];
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { files, requests, address, close };
}
