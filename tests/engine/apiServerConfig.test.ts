/**
 * A real API server with the flags and files that clusters of the kinds `hosts` and `local` get: the files are written
 * by the script of the control plane. Needs root, like the machine that the script runs on.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { env } from "node:process";
import { apiServerConfig, auditPolicyText } from "../../infra/cluster/apiServerConfig.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { startApiServer } from "../support/apiServer.ts";
import { renderScriptRun, runOnMachine } from "../support/nodeMachine.ts";
import { waitUntil } from "../support/processes.ts";
import { readSecretsKeySteps } from "../support/secretsKeySteps.ts";
import { findProgram } from "../support/toolchainPrograms.ts";

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

/** Reads the entries that are complete: the last one may be half-written. */
function readAuditLog(): string {
  const text = readFileSync(join(home, "audit.log"), "utf8");
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

beforeAll(async () => {
  writeSettings();
  api = await startApiServer(listFlags());
  writeFileSync(join(home, "kubeconfig"), api.kubeconfig);
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

it("gets a new key by the steps of docs/access.md, and reads every Secret after each", async () => {
  const { add, prefer, rewrite, remove } = readSecretsKeySteps();
  const readSecret = async () => (await api.call("GET", "/api/v1/namespaces/default/secrets/site")).body["data"];
  await api.call("POST", "/api/v1/namespaces/default/secrets", { metadata: { name: "site" }, stringData: { a: "b" } });
  const data = await readSecret();
  expect(data).toEqual({ a: "Yg==" });
  const names: string[] = [];
  for (const step of [add, prefer, rewrite, remove]) {
    const path = [dirname(findProgram("kubectl")), env["PATH"]].join(delimiter);
    execFileSync("bash", ["-euo", "pipefail", "-c", step], {
      cwd: home,
      env: { PATH: path, KUBECONFIG: join(home, "kubeconfig"), HOME: home },
      stdio: "pipe",
    });
    if (step !== rewrite) await api.restart();
    expect(await readSecret()).toEqual(data);
    names.push(
      /^k8s:enc:secretbox:v1:([^:]+):/.exec(await api.readStored("/registry/secrets/default/site"))?.[1] ?? "",
    );
  }
  expect(names).toEqual(["first", "first", names[3], names[3]]);
  expect(names[3]).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(readFileSync(join(home, "encryption.yaml"), "utf8")).not.toContain("first");
}, 240_000);

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
