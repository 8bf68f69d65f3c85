/** The scripts that make nodes of an existing cluster report devices, against a real API server. */
import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { promisify } from "node:util";
import { readScript } from "../../infra/cluster/hostScripts.ts";
import { buildChildEnvironment, listPathDirectories } from "../../workspace/environment.ts";
import { startApiServer } from "../support/apiServer.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { ownerLine } from "../support/nodeMachine.ts";
import { findProgram } from "../support/toolchainPrograms.ts";

let api: ApiServer;

beforeAll(async () => {
  api = await startApiServer();
});

afterAll(() => api.stop());

interface NodeDevices {
  readonly labels?: Readonly<Record<string, string>>;
  readonly capacity?: Readonly<Record<string, string>>;
}

async function createNode(name: string, { labels = {}, capacity = {} }: NodeDevices = {}): Promise<void> {
  const node = { apiVersion: "v1", kind: "Node", metadata: { name, labels }, status: { capacity } };
  await api.call("POST", "/api/v1/nodes", node);
}

async function readNode(name: string) {
  const { body } = await api.call("GET", `/api/v1/nodes/${name}`);
  const { metadata, status } = body as {
    metadata: { labels?: Record<string, string>; annotations?: Record<string, string> };
    status: { capacity?: Record<string, string>; allocatable?: Record<string, string> };
  };
  const { labels = {}, annotations = {} } = metadata;
  return { labels, annotations, capacity: status.capacity, allocatable: status.allocatable };
}

/** Runs a script as Pulumi does; rejects if it fails. */
function runNodeScript(script: string, node: string, owner = ownerLine) {
  const env = buildChildEnvironment({
    PATH: [dirname(findProgram("kubectl")), ...listPathDirectories()].join(delimiter),
    KUBECONFIG_TEXT: api.kubeconfig,
    NODE_NAME: node,
    OWNER: owner,
    DEVICES: "2",
    DEVICE_ID: "7408",
  });
  return promisify(execFile)("/bin/bash", ["-c", readScript(script)], { env });
}

const emulate = "emulate-node-devices.sh";
const withdraw = "withdraw-node-devices.sh";

it("a node reports devices, and no trace of them is left when they are withdrawn", async () => {
  await createNode("plain");
  const before = await readNode("plain");
  await runNodeScript(emulate, "plain");
  await runNodeScript(emulate, "plain"); // as after an interrupted attempt
  expect(await readNode("plain")).toEqual({
    labels: { "amd.com/gpu.device-id": "7408", "mixcpt.io/emulated-gpu": "true" },
    annotations: { "mixcpt.io/emulated-by": ownerLine },
    capacity: { "amd.com/gpu": "2" },
    allocatable: { "amd.com/gpu": "2" },
  });
  await runNodeScript(withdraw, "plain");
  expect(await readNode("plain")).toEqual(before);
});

it("devices that a stack of the same name in another Pulumi state emulates are left unchanged", async () => {
  await createNode("taken");
  await runNodeScript(emulate, "taken", "mixcpt-infra/rack fedcba9876543210 bob@desk:/home/bob/mixcpt");
  const before = await readNode("taken");
  await expect(runNodeScript(emulate, "taken")).rejects.toThrow(
    "node taken reports devices that the cluster mixcpt-infra/rack of bob@desk:/home/bob/mixcpt " +
      "(id fedcba9876543210) emulates, not this Pulumi state; nothing was changed. Remove it from devices.emulated",
  );
  await runNodeScript(withdraw, "taken");
  expect(await readNode("taken")).toEqual(before);
});

it.each<[string, string, NodeDevices]>([
  ["real", "capacity amd.com/gpu=8", { capacity: { "amd.com/gpu": "8" } }],
  ["restarting", "capacity amd.com/gpu=0", { capacity: { "amd.com/gpu": "0" } }],
  ["labelled", "label amd.com/gpu.device-id=74a1", { labels: { "amd.com/gpu.device-id": "74a1" } }],
  [
    "discovered",
    "label feature.node.kubernetes.io/amd-gpu=true",
    { labels: { "feature.node.kubernetes.io/amd-gpu": "true" } },
  ],
])("a node with devices that no Pulumi state emulates is left unchanged (%s: %s)", async (name, sign, devices) => {
  await createNode(name, devices);
  const before = await readNode(name);
  await expect(runNodeScript(emulate, name)).rejects.toThrow(
    `node ${name} has devices already (${sign}); nothing was changed. Remove it from devices.emulated`,
  );
  await runNodeScript(withdraw, name);
  expect(await readNode(name)).toEqual(before);
});

it("a node that has left the cluster needs no withdrawal, and cannot be given devices", async () => {
  await runNodeScript(withdraw, "gone");
  await expect(runNodeScript(emulate, "gone")).rejects.toThrow('nodes "gone" not found');
});
