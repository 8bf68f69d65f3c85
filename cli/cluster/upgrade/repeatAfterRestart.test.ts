import { readScript } from "../../../infra/cluster/hostScripts.ts";
import { startFakeApiServer } from "../../../plugins/kubernetes/fakeApiServer.fixture.ts";
import { outagePattern, repeatAfterRestart } from "./repeatAfterRestart.ts";

jest.mock("@kubernetes/client-node", () => ({}));

const ready = { status: 200, body: {} };
function print(): void {}

/** Runs an action that fails once with a message, and returns how often the server was asked whether it is ready. */
async function countQuestions(message: string): Promise<number> {
  const server = await startFakeApiServer([ready]);
  const action = jest.fn().mockRejectedValueOnce(new Error(message)).mockResolvedValue("done");
  try {
    await repeatAfterRestart({ connection: server.connect(), print }, action);
    return server.paths.length;
  } finally {
    server.stop();
  }
}

describe("an action of kubectl", () => {
  it.each([
    'could not read cluster "lab": The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?',
    "kubectl drain gpu-1: evicting pod mixcpt/a\n  error: unable to drain node: dial tcp 10.0.0.1:6443: connect: connection refused",
    "kubectl drain gpu-1: Unable to connect to the server: unexpected EOF",
  ])("is repeated once the API server is ready again: %s", async (message) => {
    expect(await countQuestions(message)).toBe(1);
  });

  it("is not repeated after an answer that cannot change", async () => {
    await expect(countQuestions("kubectl drain gpu-1: global timeout reached: 2400s")).rejects.toThrow(
      "timeout reached",
    );
  });
});

it("the scripts of machines repeat their requests after the same lines", () => {
  const parts = [...readScript("ask-api-server.sh").matchAll(/^outage\+?='(.*)'$/gm)].map(([, part]) => part);
  expect(outagePattern.source.replaceAll("\\/", "/")).toBe(parts.join(""));
});
