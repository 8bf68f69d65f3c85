import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createGzip } from "node:zlib";
import type { ApiObject } from "./apiObjects.ts";
import { getObjectName } from "./apiObjects.ts";
import { createFollowingLister, createHeartbeat } from "./followObjects.ts";
import type { ServerConnection } from "./getResponse.ts";
import { listObjects } from "./objectQuery.ts";
import type { ObjectLister } from "./objectQuery.ts";

const path = "/api/v1/namespaces/mixcpt/pods";
const query = { path, labelSelector: "app.kubernetes.io/part-of=mixcpt" };

/** How a compressed answer goes on after its first part. */
type GzipEnd = "gzip lost" | "gzip ended" | "gzip silent";

function sendUnfinishedGzip(response: ServerResponse, end: GzipEnd): void {
  response.writeHead(200, { "content-encoding": "gzip" });
  const gzip = createGzip();
  gzip.write('{"type":"ADDED","object":{"metadata":{"name":"f","resourceVersion":"2"}}}\n');
  gzip.flush(() => {
    response.write(gzip.read(), () => {
      if (end === "gzip lost") response.destroy();
      if (end === "gzip ended") response.end();
    });
  });
}

/** An API server with pods that pages by two, and whose watches the test writes and cuts. */
class PodServer {
  pods: string[] = [];
  version = 1;
  /** Watches from versions before this one are refused. */
  oldestVersion = 0;
  requests: string[] = [];
  /** How the next requests fail: by a refusal, by a lost connection, or in the middle of the answer. */
  faults: ("refused" | "lost" | "cut" | GzipEnd)[] = [];
  private watches: ServerResponse[] = [];
  private history: { readonly version: number; readonly line: string }[] = [];
  private sockets = new Set<Socket>();
  private readonly server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://server");
    this.requests.push(url.searchParams.has("watch") ? "watch" : url.pathname === path ? "list" : url.pathname);
    const fault = this.faults.shift();
    if (fault === "refused") response.writeHead(429, { "retry-after": "0" }).end("busy");
    else if (fault === "lost") response.destroy();
    else if (fault === "cut") response.writeHead(200, { "content-length": "9" }).write("{", () => response.destroy());
    else if (fault !== undefined) sendUnfinishedGzip(response, fault);
    else if (url.searchParams.has("watch")) this.openWatch(url, response);
    else this.sendPage(url, response);
  });

  async start(): Promise<ServerConnection> {
    this.server.on("connection", (socket: Socket) => this.sockets.add(socket));
    await new Promise<void>((resolve) => void this.server.listen(0, "127.0.0.1", resolve));
    const { port } = this.server.address() as AddressInfo;
    const config = { applyToHTTPSOptions: () => Promise.resolve() };
    return { config, server: `http://127.0.0.1:${port}`, timeoutMs: 60_000 };
  }

  stop(): void {
    this.server.close();
    this.cutConnections();
  }

  cutConnections(): void {
    for (const socket of this.sockets) socket.destroy();
    this.watches = [];
  }

  write(type: "ADDED" | "DELETED", name: string): void {
    this.version += 1;
    this.pods = type === "ADDED" ? [...this.pods, name] : this.pods.filter((pod) => pod !== name);
    this.send({ type, object: { metadata: { name, resourceVersion: String(this.version) } } });
  }

  send(event: object): void {
    const line = `${JSON.stringify(event)}\n`;
    this.history.push({ version: this.version, line });
    for (const watch of this.watches) watch.write(line);
  }

  private openWatch(url: URL, response: ServerResponse): void {
    const start = Number(url.searchParams.get("resourceVersion"));
    const expired = start < this.oldestVersion;
    response.writeHead(expired ? 410 : 200).flushHeaders();
    if (expired) response.end("{}");
    else this.watches.push(response);
    for (const { version, line } of this.history) if (!expired && version > start) response.write(line);
  }

  private sendPage(url: URL, response: ServerResponse): void {
    const start = Number(url.searchParams.get("continue") ?? 0);
    const items = this.pods
      .slice(start, start + 2)
      .map((name) => ({
        metadata: { name, managedFields: [{}] },
        spec: { nodeName: "node-1", containers: [{ name: "c", env: [{ name: "SPEC", value: "long" }] }] },
      }));
    const next = start + 2 < this.pods.length ? String(start + 2) : "";
    response.end(JSON.stringify({ items, metadata: { resourceVersion: String(this.version), continue: next } }));
  }
}

let server: PodServer;
let connection: ServerConnection;
let readNames: () => Promise<string>;

beforeEach(async () => {
  server = new PodServer();
  server.pods = ["a", "b", "c", "d", "e"];
  connection = await server.start();
  const list = createFollowingLister(connection);
  readNames = async () => (await list<ApiObject>(query)).map(getObjectName).join(" ");
});

afterEach(() => server.stop());

/** Reads until the names are the expected ones. */
async function readUntil(names: string): Promise<void> {
  while ((await readNames()) !== names) await delay(10);
}

async function readForever(list: ObjectLister): Promise<never> {
  for (;;) {
    await list(query);
    await delay(10);
  }
}

describe("a followed query", () => {
  it("lists in pages once, then reads without a request", async () => {
    for (let times = 0; times < 3; times += 1) expect(await readNames()).toBe("a b c d e");
    expect(server.requests).toEqual(["list", "list", "list", "watch"]);
  });

  it("keeps no field that takes memory and is not read", async () => {
    const { items } = await listObjects<ApiObject>(connection, query);
    const spec = { nodeName: "node-1", containers: [{ name: "c" }] };
    expect(items[0]).toEqual({ metadata: { name: "a" }, spec });
  });

  it("shows what the watch tells", async () => {
    await readNames();
    server.write("ADDED", "f");
    server.write("DELETED", "a");
    await readUntil("b c d e f");
    expect(server.requests).toHaveLength(4);
  });

  it("continues after a cut connection from where it was, without a list", async () => {
    await readNames();
    server.cutConnections();
    await readUntil("a b c d e");
    server.write("ADDED", "f");
    await readUntil("a b c d e f");
    expect(server.requests.filter((request) => request === "list")).toHaveLength(3);
  });

  it.each(["refuses the version", "ends the watch with 410"])("lists again if the server %s", async (way) => {
    await readNames();
    server.pods = ["z"];
    server.version = server.oldestVersion = 9;
    if (way === "refuses the version") server.cutConnections();
    else server.send({ type: "ERROR", object: { code: 410 } });
    await readUntil("z");
  });

  it("rejects while the server is unreachable", async () => {
    await readNames();
    server.stop();
    await expect(readUntil("never")).rejects.toThrow("connect ECONNREFUSED");
  });

  it("asks a server again that is busy or loses an answer, for lists and for watches", async () => {
    server.faults = ["refused", "lost"];
    expect(await readNames()).toBe("a b c d e");
    server.cutConnections();
    server.faults = ["lost", "refused"];
    await readUntil("a b c d e");
    server.write("ADDED", "f");
    await readUntil("a b c d e f");
    expect(server.requests.filter((request) => request === "watch")).toHaveLength(4);
  });

  it("rejects if an answer to the check of the server is cut off", async () => {
    server.faults = ["cut"];
    await expect(createHeartbeat(connection)()).rejects.toThrow("aborted");
  });

  it.each([
    ["gzip lost", "aborted"],
    ["gzip ended", "unexpected end of file"],
  ] as const)("rejects if a compressed list is cut off: %s", async (fault, message) => {
    server.faults = [fault];
    await expect(readNames()).rejects.toThrow(message);
  });

  it.each(["gzip lost", "gzip ended"] as const)("continues after a compressed watch is cut off: %s", async (fault) => {
    await readNames();
    server.cutConnections();
    server.faults = [fault];
    server.write("ADDED", "f");
    await readUntil("a b c d e f");
    server.write("ADDED", "g");
    await readUntil("a b c d e f g");
  });

  it("rejects if a signal ends a compressed list", async () => {
    const controller = new AbortController();
    server.faults = ["gzip silent"];
    const read = listObjects({ ...connection, signal: controller.signal }, query);
    setTimeout(() => controller.abort(), 50);
    await expect(read).rejects.toThrow("aborted");
  });

  it("reads nothing more once a signal has ended a compressed watch", async () => {
    const controller = new AbortController();
    const list = createFollowingLister({ ...connection, signal: controller.signal });
    server.pods = ["a"];
    await list(query);
    server.cutConnections();
    server.faults = ["gzip silent"];
    while ((await list<ApiObject>(query)).length < 2) await delay(10);
    controller.abort();
    await expect(readForever(list)).rejects.toThrow("aborted");
  });

  it("notices a server that no longer answers", async () => {
    const checkConnection = createHeartbeat(connection);
    await checkConnection();
    await checkConnection();
    expect(server.requests).toEqual(["/version"]);
    server.stop();
    await expect(createHeartbeat(connection)()).rejects.toThrow("ECONNREFUSED");
  });
});
