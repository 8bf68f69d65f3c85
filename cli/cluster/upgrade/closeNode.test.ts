import { startFakeApiServer } from "../../../plugins/kubernetes/fakeApiServer.fixture.ts";
import { closeNode, openNode } from "./closeNode.ts";

jest.mock("@kubernetes/client-node", () => ({}));

const restarting = { status: 500, body: { message: "etcdserver: leader changed" } };
function print(): void {}

function buildNode(unschedulable: boolean, annotations: object = {}) {
  return { status: 200, body: { metadata: { annotations }, spec: { unschedulable } } };
}

describe("a node that an upgrade closes", () => {
  it.each([
    ["is to be opened again", buildNode(false), true],
    ["is to be opened again after an interruption", buildNode(true, { "mixcpt.io/upgrade": "closed" }), true],
    ["stays closed if an administrator has closed it", buildNode(true), false],
  ])("%s", async (_, node, mustOpen) => {
    const server = await startFakeApiServer([node]);
    await expect(closeNode({ connection: server.connect(), print }, "gpu-1")).resolves.toBe(mustOpen);
    expect(server.paths).toHaveLength(mustOpen ? 2 : 1);
    server.stop();
  });

  it("is opened although the only API server restarts with the kubelet of its node", async () => {
    const lines: string[] = [];
    const server = await startFakeApiServer([restarting, restarting, buildNode(false)]);
    await openNode({ connection: server.connect(), print: (line) => lines.push(line) }, "gpu-1");
    expect(server.paths).toEqual(["/api/v1/nodes/gpu-1", "/api/v1/nodes/gpu-1", "/api/v1/nodes/gpu-1"]);
    expect(lines).toEqual([expect.stringMatching(/the API server does not answer as it should/)]);
    server.stop();
  });
});
