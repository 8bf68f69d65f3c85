/** Requests to an HTTP server that answers like an API server during its restart. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { ProviderCluster } from "./providerCluster.ts";
import { ApiConnection } from "./apiConnection.ts";
import { computeOutageSeconds } from "./providerErrors.ts";
import { connectWithoutCredentials, startFakeApiServer } from "./fakeApiServer.fixture.ts";
import { readProviderSettings } from "./providerSettings.ts";

const missingRight = {
  status: 403,
  body: { message: 'nodes is forbidden: User "kubernetes-admin" cannot list resource "nodes"', reason: "Forbidden" },
};
const success = { status: 200, body: { kind: "NodeList" } };
const request = { method: "GET", path: "/api/v1/nodes" } as const;

function createCluster() {
  const lines: { text: string; status?: boolean }[] = [];
  const settings = readProviderSettings({}, "");
  const cluster = new ProviderCluster(settings, new AbortController().signal, (line) => lines.push(line));
  return { cluster, listKeptLines: () => lines.filter(({ status }) => status !== true).map(({ text }) => text) };
}

afterEach(() => jest.restoreAllMocks());

describe("a restart of the API server", () => {
  it.each([
    ["has not read its access rules", missingRight],
    ["is overloaded", { status: 429, body: { message: "too many requests, please try again later" } }],
    ["waits for etcd", { status: 500, body: { message: "etcdserver: leader changed" } }],
    ["is behind a proxy", { status: 502 }],
  ])("is waited for while the server %s, and said once", async (_, failure) => {
    const server = await startFakeApiServer([failure, failure, success]);
    const { cluster, listKeptLines } = createCluster();
    const connection = server.connect();
    const { body } = await cluster.retryForResource("urn", () => connection.callApi(request));
    server.stop();
    expect(body).toEqual(success.body);
    expect(listKeptLines()).toEqual([
      expect.stringMatching(
        /^warning: the API server does not answer as it should \(.+\); trying again for up to \d+ s$/,
      ),
    ]);
  });

  it("is waited for while nothing listens at its address", async () => {
    const stopped = await startFakeApiServer([success]);
    stopped.stop();
    const { cluster, listKeptLines } = createCluster();
    const connection = stopped.connect();
    const answer = cluster.retryForResource("urn", () => connection.callApi(request));
    while (listKeptLines().length === 0) await delay(10);
    const restarted = await startFakeApiServer([success], stopped.port);
    expect((await answer).body).toEqual(success.body);
    restarted.stop();
    expect(listKeptLines()).toEqual([expect.stringMatching(/ECONNREFUSED.*up to 60 s$/)]);
  });
});

it("a server that accepts the connection and is silent counts as busy, not as absent", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const connection = connectWithoutCredentials((silent.address() as AddressInfo).port);
  const failure = await connection.callApi({ ...request, timeoutMs: 1000 }).catch((error: unknown) => error);
  silent.closeAllConnections();
  silent.close();
  expect(failure).toHaveProperty("message", expect.stringContaining("no response within 1 s"));
  expect(computeOutageSeconds(failure)).toBe(60);
});

/** Lets each request take this many seconds. */
function mockSlowRequests(seconds: number): void {
  let now = 0;
  jest.spyOn(Date, "now").mockImplementation(() => now);
  const { callApi } = ApiConnection.prototype;
  jest.spyOn(ApiConnection.prototype, "callApi").mockImplementation(function (this: ApiConnection, call) {
    now += seconds * 1000;
    return callApi.call(this, call);
  });
}

it("an outage is waited for once, however many resources it interrupts", async () => {
  mockSlowRequests(30);
  const server = await startFakeApiServer([{ status: 503 }]);
  const [{ cluster }, connection] = [createCluster(), server.connect()];
  const retry = () => cluster.retryForResource("urn", () => connection.callApi(request));
  await expect(retry()).rejects.toThrow("(tried again for 60 s)");
  expect(server.paths).toHaveLength(3);
  await expect(retry()).rejects.toThrow("(tried again for 60 s)");
  expect(server.paths).toHaveLength(4);
  server.stop();
});

it("an outage ends with an answer, so that the next one is waited for, too", async () => {
  mockSlowRequests(50);
  const [away, missing] = [{ status: 503 }, { status: 404 }];
  const server = await startFakeApiServer([away, success, away, missing, away, success]);
  const [{ cluster }, connection] = [createCluster(), server.connect()];
  const retry = () => cluster.retryForResource("urn", () => connection.callApi(request), computeOutageSeconds);
  expect((await retry()).body).toEqual(success.body);
  await expect(retry()).rejects.toThrow("404");
  expect((await retry()).body).toEqual(success.body);
  server.stop();
});

it("a server that has just started may take its time to read its access rules", async () => {
  mockSlowRequests(25);
  const server = await startFakeApiServer([{ status: 503 }, missingRight, success]);
  const connection = server.connect();
  expect((await createCluster().cluster.retryForResource("urn", () => connection.callApi(request))).body).toEqual(
    success.body,
  );
  server.stop();
});

it("a right that stays missing is final, with the server's sentence and the time of waiting", async () => {
  const server = await startFakeApiServer([missingRight]);
  const clock = jest.spyOn(Date, "now").mockReturnValue(0);
  const connection = server.connect();
  const answer = createCluster().cluster.retryForResource("urn", () => {
    clock.mockReturnValue(Date.now() + 20_000);
    return connection.callApi(request);
  });
  await expect(answer).rejects.toThrow(`${missingRight.body.message} (tried again for 20 s)`);
  server.stop();
  expect(server.paths).toHaveLength(2);
});

it("a server that has answered before is waited for five minutes", async () => {
  const server = await startFakeApiServer([success]);
  const [{ cluster }, connection] = [createCluster(), server.connect()];
  const retry = () => cluster.retryForResource("urn", () => connection.callApi(request));
  await retry();
  server.stop();
  mockSlowRequests(100);
  await expect(retry()).rejects.toThrow("(tried again for 300 s)");
});
