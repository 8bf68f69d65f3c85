import { execa } from "execa";
import { fetchKubectlList } from "./kubectl.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));
jest.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));
jest.mock("./kubeconfigFile.ts", () => ({
  hasKubeconfig: () => true,
  readClusterKubeconfig: () => "",
  resolveKubeconfigPath: () => "/kubeconfig",
}));

const success = { failed: false, stdout: '{"items":[1]}' };

function fail(stderr: string, more: object = {}): object {
  return { failed: true, timedOut: false, exitCode: 1, stderr, ...more };
}

/** Lists nodes while kubectl ends like this, one time after the other, the last one again and again. */
async function listThrough(outcomes: readonly object[], attempts?: number) {
  const run = jest.mocked(execa).mockReset();
  for (const outcome of outcomes) run.mockResolvedValueOnce(outcome as never);
  run.mockResolvedValue(outcomes.at(-1) as never);
  const options = { timeoutMilliseconds: 1, programs: [], ...(attempts !== undefined && { attempts }) };
  return { ...(await fetchKubectlList("lab", ["nodes"], options)), calls: run.mock.calls.length };
}

const busy = fail("Error from server: etcdserver: request timed out");

describe("a list of a cluster that has just answered", () => {
  it("is asked for again where the server fails for a moment", async () => {
    const unreachable = fail("Unable to connect to the server: net/http: TLS handshake timeout");
    expect(await listThrough([busy, unreachable, success], 3)).toEqual({ json: success.stdout, calls: 3 });
  });

  it("is given up after its attempts, with the last reason", async () => {
    const reason = expect.stringContaining("etcdserver: request timed out") as unknown;
    expect(await listThrough([busy], 3)).toEqual({ unavailable: reason, calls: 3 });
  });

  it.each([
    ["the kind is missing", fail(`error: the server doesn't have a resource type "trainjobs"`)],
    ["the user has no right", fail("Error from server (Forbidden): nodes is forbidden")],
    ["the credentials are refused", fail("error: You must be logged in to the server (Unauthorized)")],
    ["kubectl has waited for too long", fail("", { timedOut: true, exitCode: undefined })],
    ["there is no kubectl", fail("", { code: "ENOENT", exitCode: undefined })],
  ])("is asked for once where %s", async (_, outcome) => {
    expect(await listThrough([outcome], 3)).toMatchObject({ calls: 1 });
  });
});

it("asks a cluster that may be gone once", async () => {
  expect(await listThrough([busy])).toMatchObject({ calls: 1 });
});
