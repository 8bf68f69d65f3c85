/** Requests to an HTTP server that answers like an API server during its restart. */
import { ProviderCluster } from "./providerCluster.ts";
import { startFakeApiServer } from "./fakeApiServer.fixture.ts";
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
    await new Promise((resolve) => setTimeout(resolve, 100));
    const restarted = await startFakeApiServer([success], stopped.port);
    expect((await answer).body).toEqual(success.body);
    restarted.stop();
    expect(listKeptLines()).toEqual([expect.stringMatching(/ECONNREFUSED.*up to 60 s$/)]);
  });
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
