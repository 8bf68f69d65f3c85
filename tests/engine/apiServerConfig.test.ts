/**
 * A real API server with the flags and files that clusters of the kinds `hosts` and `local` get: the files are written
 * by the script of the control plane. Needs root, like the machine that the script runs on.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apiServerConfig, auditPolicyText } from "../../infra/cluster/apiServerConfig.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { startApiServer } from "../support/apiServer.ts";
import { renderScriptRun, runOnMachine } from "../support/nodeMachine.ts";
import { waitUntil } from "../support/processes.ts";

const home = mkdtempSync(join(tmpdir(), "mixcpt-api-server-config-"));
const folders = apiServerConfig.extraVolumes.map(({ mountPath }) => mountPath);
const secretText = "hf_0123456789";

let api: ApiServer;

function writeSettings(): void {
  const run = renderScriptRun("init-control-plane.sh", { AUDIT_POLICY: auditPolicyText });
  for (const name of ["audit-policy.yaml", "encryption.yaml"])
    writeFileSync(join(home, name), runOnMachine(`(${run}) >/dev/null`, `cat /etc/kubernetes/apiserver/${name}`));
}

/** The flags of the node, with this test's folder in place of those that the node mounts. */
function listFlags(): string[] {
  return apiServerConfig.extraArgs.map(({ name, value }) => {
    const path = folders.reduce((text, folder) => text.replace(folder, home), value);
    return `--${name}=${path}`;
  });
}

function readAuditLog(): string {
  return readFileSync(join(home, "audit.log"), "utf8");
}

beforeAll(async () => {
  writeSettings();
  api = await startApiServer(listFlags());
  const data = { metadata: { name: "hub" }, stringData: { HF_TOKEN: secretText } };
  await api.call("POST", "/api/v1/namespaces/default/secrets", data);
  await api.call("POST", "/api/v1/namespaces/default/configmaps", { metadata: { name: "open" }, data: { a: "seen" } });
});

afterAll(async () => {
  await api?.stop();
  rmSync(home, { recursive: true });
});

it("stores Secrets encrypted, and reads them", async () => {
  const stored = await api.readStored("/registry/secrets/default/hub");
  expect(stored).toMatch(/^k8s:enc:secretbox:v1:first:/);
  expect(stored).not.toContain(secretText);
  expect(await api.readStored("/registry/configmaps/default/open")).toContain("seen");
  const { body } = await api.call("GET", "/api/v1/namespaces/default/secrets/hub");
  expect(body["data"]).toEqual({ HF_TOKEN: Buffer.from(secretText).toString("base64") });
});

it("logs who changed and read a Secret, and no body", async () => {
  await waitUntil("the audit log has both requests", () => (readAuditLog().match(/"name":"hub"/g) ?? []).length >= 2);
  const entries = readAuditLog()
    .split("\n")
    .filter((line) => line.includes('"name":"hub"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(entries.map(({ verb, level, user }) => [verb, level, (user as { username: string }).username])).toEqual([
    ["create", "Metadata", "admin"],
    ["get", "Metadata", "admin"],
  ]);
  const log = readAuditLog();
  for (const text of [secretText, Buffer.from(secretText).toString("base64"), "requestObject", "responseObject"])
    expect(log).not.toContain(text);
});

it("has a key that the machine makes once, that only root reads and that no output shows", () => {
  const folder = "/etc/kubernetes/apiserver";
  const run = renderScriptRun("init-control-plane.sh");
  const failOnce = `echo '[ "$1" != init ]' >>/usr/local/bin/kubeadm`;
  const printMode = `stat --format '%a %n' ${folder} ${folder}/*`;
  const key = `sed -n 's/.*secret: \\([^ ]*\\).*/key \\1/p' ${folder}/encryption.yaml`;
  const printed = runOnMachine(failOnce, run, key, "sed -i '$d' /usr/local/bin/kubeadm", run, key, printMode);
  const [first, second] = [...printed.matchAll(/^key (\S{44})$/gm)].map(([, text = ""]) => text);
  expect(second).toBe(first);
  expect(printed.split(first ?? "")).toHaveLength(3);
  expect(printed).toContain(`700 ${folder}\n600 ${folder}/audit-policy.yaml\n600 ${folder}/encryption.yaml\n`);
});
