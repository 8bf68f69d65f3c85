/** The question that `cluster up` asks at its end, to an HTTP server that answers like an API server. */
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import * as apiConnection from "../../plugins/kubernetes/apiConnection.ts";
import { startFakeApiServer } from "../../plugins/kubernetes/fakeApiServer.fixture.ts";
import { awaitCluster } from "./awaitCluster.ts";

jest.mock("../../plugins/kubernetes/apiConnection.ts", () => ({
  ...jest.requireActual<typeof apiConnection>("../../plugins/kubernetes/apiConnection.ts"),
  connectToApiServer: jest.fn(),
}));

const hosts = { kind: "hosts", machines: [{ name: "gpu-1" }, { name: "gpu-2" }] } as ClusterConfig;
const existing = { kind: "existing" } as ClusterConfig;
const ok = { status: 200 };

function buildNode(name: string, status: string, message = "") {
  return { metadata: { name }, status: { conditions: [{ type: "Ready", status, message }] } };
}

function buildNodeList(...items: ReturnType<typeof buildNode>[]) {
  return { status: 200, body: { items } };
}

/** Asks a cluster whose API server gives these answers in turn; returns what was printed and the failure. */
async function askFakeCluster(config: ClusterConfig, answers: Parameters<typeof startFakeApiServer>[0]) {
  const server = await startFakeApiServer(answers);
  jest.mocked(apiConnection.connectToApiServer).mockResolvedValue(server.connect());
  const printed: string[] = [];
  const options = { config, kubeconfig: "", print: (line: string) => void printed.push(line) };
  const failure = await awaitCluster("lab", options).then(
    () => "",
    (error: unknown) => (error as Error).message,
  );
  server.stop();
  return { printed, failure, paths: server.paths };
}

/** Lets the time of each request be as long as all retries of an outage. */
function mockSlowRequests(): void {
  let now = 0;
  jest.spyOn(Date, "now").mockImplementation(() => (now += 61_000));
}

afterEach(() => jest.restoreAllMocks());

describe("cluster up, at its end", () => {
  it("says nothing about a cluster whose nodes are Ready", async () => {
    const nodes = buildNodeList(buildNode("gpu-1", "True"), buildNode("gpu-2", "True"));
    expect(await askFakeCluster(hosts, [ok, nodes])).toEqual({
      printed: [],
      failure: "",
      paths: ["/readyz", "/api/v1/nodes"],
    });
  });

  it("waits for a node that has just joined", async () => {
    const joining = buildNodeList(buildNode("gpu-1", "True"), buildNode("gpu-2", "False", "no network"));
    const joined = buildNodeList(buildNode("gpu-1", "True"), buildNode("gpu-2", "True"));
    expect(await askFakeCluster(hosts, [ok, joining, joined])).toMatchObject({ printed: [], failure: "" });
  });

  it("names nodes that are off or missing, without waiting for them", async () => {
    const one = buildNodeList(buildNode("gpu-1", "True"));
    expect((await askFakeCluster(hosts, [ok, one])).printed).toEqual(["  warning: node gpu-2 is not in the cluster"]);
    const off = buildNodeList(buildNode("gpu-1", "True"), buildNode("gpu-2", "Unknown", "Kubelet stopped posting."));
    expect((await askFakeCluster(hosts, [ok, off])).printed).toEqual([
      "  warning: node gpu-2 is not Ready: Kubelet stopped posting.",
    ]);
  });

  it("fails if no node is Ready", async () => {
    mockSlowRequests();
    const nodes = buildNodeList(buildNode("gpu-1", "False", "cni plugin not initialized"));
    expect((await askFakeCluster(hosts, [ok, nodes])).failure).toBe(
      'cluster "lab" is not up, although its resources exist: none of its nodes is Ready\n' +
        "  node gpu-2 is not in the cluster\n  node gpu-1 is not Ready: cni plugin not initialized",
    );
  });

  it("asks only the API server of a cluster whose nodes others manage", async () => {
    expect(await askFakeCluster(existing, [ok])).toMatchObject({ failure: "", paths: ["/readyz"] });
  });

  it("waits for a server that restarts, and says so once", async () => {
    const { printed, failure } = await askFakeCluster(existing, [{ status: 503 }, { status: 429 }, ok]);
    expect(failure).toBe("");
    expect(printed).toEqual([expect.stringMatching(/^ {2}warning: the API server .* trying again for up to 60 s$/)]);
  });

  it("fails with the reason if there is no API server", async () => {
    mockSlowRequests();
    const server = await startFakeApiServer([ok]);
    server.stop();
    jest.mocked(apiConnection.connectToApiServer).mockResolvedValue(server.connect());
    await expect(awaitCluster("lab", { config: existing, kubeconfig: "", print: () => undefined })).rejects.toThrow(
      /^cluster "lab" is not up, although its resources exist: could not read cluster "lab": .*ECONNREFUSED.*doctor/,
    );
  });

  it("fails with the command that renews refused credentials", async () => {
    const { failure } = await askFakeCluster(existing, [{ status: 401, body: { message: "Unauthorized" } }]);
    expect(failure).toMatch(/refused the credentials \(401 Unauthorized\); renew them: \.\/mixcpt cluster up lab/);
  });

  it.each([
    [403, 'forbidden: User "jane" cannot get path "/readyz"'],
    [404, "the server could not find the requested resource"],
  ])("accepts a server that answers but does not tell this user whether it is ready (%i)", async (status, message) => {
    mockSlowRequests();
    expect(await askFakeCluster(existing, [{ status, body: { message } }])).toMatchObject({ failure: "" });
  });

  it("fails with a right that stays missing", async () => {
    mockSlowRequests();
    const message = 'forbidden: User "jane" cannot list resource "nodes"';
    const { failure } = await askFakeCluster(hosts, [ok, { status: 403, body: { message } }]);
    expect(failure).toContain(`denied access: ${message}; ask its administrator`);
  });
});
