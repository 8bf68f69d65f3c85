/** Labels and taints of an inventory on nodes of a real API server. Needs root. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { renderScript } from "../../infra/cluster/hostScripts.ts";
import { startApiServer } from "../support/apiServer.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { ownerLine, scriptInput } from "../support/nodeMachine.ts";
import { findProgram } from "../support/toolchainPrograms.ts";

let api: ApiServer;

beforeAll(async () => {
  api = await startApiServer();
});

afterAll(() => api.stop());

/** Runs the script as on a control plane, whose /etc and /usr/local are empty otherwise. */
function setLabels(node: string, labels: Readonly<Record<string, string>>, taints: readonly string[] = []) {
  const machine = `
    mount -t tmpfs machine /etc; mount -t tmpfs machine /usr/local; mkdir -p /etc/kubernetes /etc/mixcpt /usr/local/bin
    ln -s "$KUBECTL" /usr/local/bin/kubectl; echo "$OWNER" >/etc/mixcpt/owner
    printf '%s\\n' "$KUBECONFIG_TEXT" >/etc/kubernetes/admin.conf
    exec bash -c "$SCRIPT"`;
  const input = { ...scriptInput, NODE_NAME: node, LABELS: JSON.stringify(labels), TAINTS: taints.join("\n") };
  const env = {
    PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: "/etc/kubernetes", // for kubectl's cache, in the empty /etc
    KUBECTL: findProgram("kubectl"),
    KUBECONFIG_TEXT: api.kubeconfig,
    OWNER: ownerLine,
    SCRIPT: renderScript("set-node-labels.sh", input),
  };
  return promisify(execFile)("unshare", ["--mount", "bash", "-ec", machine], { env });
}

async function createNode(name: string): Promise<void> {
  await api.call("POST", "/api/v1/nodes", {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/os": "linux" } },
    spec: { taints: [{ key: "site", value: "x", effect: "NoExecute" }] },
  });
}

async function readNode(name: string) {
  const { body } = await api.call("GET", `/api/v1/nodes/${name}`);
  const { metadata, spec } = body as {
    metadata: { labels: Record<string, string> };
    spec: { taints?: { key: string; value?: string; effect: string }[] };
  };
  const taints = (spec.taints ?? []).map(({ key, value = "", effect }) => `${key}=${value}:${effect}`);
  return { labels: metadata.labels, taints: taints.filter((taint) => !taint.startsWith("node.kubernetes.io/")).sort() };
}

const site = { labels: { "kubernetes.io/os": "linux" }, taints: ["site=x:NoExecute"] };

it("labels and taints follow the inventory, and those of others stay", async () => {
  await createNode("gpu-1");
  await setLabels("gpu-1", { rack: "r1", zone: "a" }, ["team=a:NoSchedule", "spare=:PreferNoSchedule"]);
  const expected = {
    labels: { ...site.labels, rack: "r1", zone: "a" },
    taints: ["site=x:NoExecute", "spare=:PreferNoSchedule", "team=a:NoSchedule"],
  };
  expect(await readNode("gpu-1")).toEqual(expected);
  await setLabels("gpu-1", { rack: "r1", zone: "a" }, ["team=a:NoSchedule", "spare=:PreferNoSchedule"]);
  expect(await readNode("gpu-1")).toEqual(expected);
  await setLabels("gpu-1", { rack: "r2" }, ["team=b:NoSchedule"]);
  expect(await readNode("gpu-1")).toEqual({
    labels: { ...site.labels, rack: "r2" },
    taints: ["site=x:NoExecute", "team=b:NoSchedule"],
  });
  await setLabels("gpu-1", {});
  expect(await readNode("gpu-1")).toEqual(site);
});

it("a label or taint that somebody else has set otherwise is refused by name", async () => {
  await createNode("gpu-2");
  await api.call("PATCH", "/api/v1/nodes/gpu-2", { metadata: { labels: { rack: "theirs" } } });
  await expect(setLabels("gpu-2", { rack: "ours" })).rejects.toThrow(/gpu-2 has one of the labels .*somebody else/);
  await expect(setLabels("gpu-2", {}, ["site=y:NoExecute"])).rejects.toThrow(
    /gpu-2 has another taint .*site=y:NoExecute/,
  );
  expect(await readNode("gpu-2")).toEqual({ ...site, labels: { ...site.labels, rack: "theirs" } });
});
