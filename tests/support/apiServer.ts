import { generateKeyPairSync } from "node:crypto";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePorts, startProcess, stopProcess, waitUntil } from "./processes.ts";
import { findProgram } from "./toolchainPrograms.ts";

const adminToken = "test-admin";

/** The response of the API server to a request. */
interface ApiServerResponse {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A certificate of a user and its key, as PEM. */
export interface ClientCertificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A real kube-apiserver with its own etcd on loopback: objects are real, but no controller or kubelet acts on them. */
export interface ApiServer {
  readonly kubeconfig: string;
  /** Sends a request as an administrator; PATCH sends a merge patch. */
  call(method: string, path: string, body?: unknown): Promise<ApiServerResponse>;
  /** Sends a request with a token, or a certificate, of another user. */
  callAs(credential: string | ClientCertificate, ...request: Parameters<ApiServer["call"]>): Promise<ApiServerResponse>;
  /** Reads what etcd stores under a key, such as /registry/secrets/NAMESPACE/NAME. */
  readStored(key: string): Promise<string>;
  /** Starts kube-controller-manager: garbage collection, namespace deletion, ReplicaSets, Jobs. */
  startControllers(furtherFlags?: readonly string[]): void;
  /** Ends kube-apiserver and starts it again, so that it reads its files. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** @param furtherFlags flags of kube-apiserver beside those of all tests */
export async function startApiServer(furtherFlags: readonly string[] = []): Promise<ApiServer> {
  const home = mkdtempSync(join(tmpdir(), "mixcpt-api-server-"));
  const [clientPort = 0, peerPort = 0, securePort = 0] = await findFreePorts(3);
  const processes: ChildProcess[] = [startEtcd(home, clientPort, peerPort)];
  writeKeys(home);
  const flags = [...listApiServerFlags(home, clientPort, securePort), ...furtherFlags];
  const startServer = () => startProcess(findProgram("kube-apiserver"), flags, join(home, "kube-apiserver.log"));
  processes.push(startServer());
  const server = `https://127.0.0.1:${securePort}`;
  const call = createCaller(home, { server, credential: adminToken });
  const stopProcesses = async () => {
    for (const child of processes.toReversed()) await stopProcess(child);
    rmSync(home, { recursive: true, force: true });
  };
  await waitUntilReady(home, call).catch(async (error: unknown) => {
    await stopProcesses();
    throw error;
  });
  const kubeconfig = buildKubeconfig(server, readFileSync(join(home, "apiserver.crt"), "base64"));
  const startControllers = (moreFlags: readonly string[] = []) => {
    writeFileSync(join(home, "kubeconfig"), kubeconfig);
    processes.push(
      startProcess(
        findProgram("kube-controller-manager"),
        [...listControllerFlags(home), ...moreFlags],
        join(home, "kube-controller-manager.log"),
      ),
    );
  };
  const callAs: ApiServer["callAs"] = (credential, ...request) =>
    createCaller(home, { server, credential })(...request);
  const restart = async () => {
    const [server] = processes.splice(1, 1);
    if (server !== undefined) await stopProcess(server);
    processes.splice(1, 0, startServer());
    await waitUntilReady(home, call);
  };
  const readStored = (key: string) => readFromEtcd(clientPort, key);
  return { kubeconfig, call, callAs, readStored, startControllers, restart, stop: stopProcesses };
}

function startEtcd(home: string, clientPort: number, peerPort: number): ChildProcess {
  const urls = { client: `http://127.0.0.1:${clientPort}`, peer: `http://127.0.0.1:${peerPort}` };
  const flags = [
    `--data-dir=${join(home, "etcd")}`,
    "--unsafe-no-fsync=true",
    `--listen-client-urls=${urls.client}`,
    `--advertise-client-urls=${urls.client}`,
    `--listen-peer-urls=${urls.peer}`,
    `--initial-advertise-peer-urls=${urls.peer}`,
    `--initial-cluster=default=${urls.peer}`,
  ];
  return startProcess(findProgram("etcd"), flags, join(home, "etcd.log"));
}

/** Reads a value by etcd's JSON gateway, whose keys and values are in base64. */
async function readFromEtcd(port: number, key: string): Promise<string> {
  const body = JSON.stringify({ key: Buffer.from(key).toString("base64") });
  const response = await fetch(`http://127.0.0.1:${port}/v3/kv/range`, { method: "POST", body });
  const { kvs = [] } = (await response.json()) as { kvs?: { value: string }[] };
  return Buffer.from(kvs[0]?.value ?? "", "base64").toString("latin1");
}

function writeKeys(home: string): void {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(join(home, "accounts.key"), privateKey.export({ type: "pkcs1", format: "pem" }));
  writeFileSync(join(home, "tokens.csv"), `${adminToken},admin,admin,system:masters\n`);
}

function listApiServerFlags(home: string, etcdPort: number, securePort: number): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${securePort}`,
    `--cert-dir=${home}`,
    `--token-auth-file=${join(home, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.0.0.0/24",
    "--endpoint-reconciler-type=none",
    "--disable-admission-plugins=ServiceAccount",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${join(home, "accounts.key")}`,
    `--service-account-signing-key-file=${join(home, "accounts.key")}`,
  ];
}

function listControllerFlags(home: string): string[] {
  const kubeconfig = join(home, "kubeconfig");
  return [
    `--kubeconfig=${kubeconfig}`,
    "--leader-elect=false",
    "--secure-port=0",
    `--service-account-private-key-file=${join(home, "accounts.key")}`,
  ];
}

function buildKubeconfig(server: string, ca: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server, "certificate-authority-data": ca } }],
    users: [{ name: "admin", user: { token: adminToken } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "admin" } }],
    "current-context": "test",
  });
}

interface Caller {
  readonly server: string;
  readonly credential: string | ClientCertificate;
}

function createCaller(home: string, { server, credential }: Caller): ApiServer["call"] {
  const [token, certificate] = typeof credential === "string" ? [credential, {}] : [undefined, credential];
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
      };
      const request = https.request(
        `${server}${path}`,
        { method, headers, ca: readFileSync(join(home, "apiserver.crt")), ...certificate },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString();
            const parsed = text.startsWith("{") ? (JSON.parse(text) as ApiServerResponse["body"]) : { text };
            resolve({ status: response.statusCode ?? 0, body: parsed });
          });
        },
      );
      request.on("error", reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
}

async function waitUntilReady(home: string, call: ApiServer["call"]): Promise<void> {
  // kube-controller-manager gives up after ten seconds without /healthz, which comes after the first objects
  const paths = ["/api/v1/namespaces/default", "/healthz"];
  const isReady = () =>
    Promise.all(paths.map((path) => call("GET", path))).then(
      (responses) => responses.every(({ status }) => status === 200),
      () => false,
    );
  const readLogTail = () => readFileSync(join(home, "kube-apiserver.log"), "utf8").split("\n").slice(-15).join("\n");
  await waitUntil("kube-apiserver is ready", isReady, 180).catch((error: unknown) => {
    throw new Error(`${String(error)}; the last lines of kube-apiserver:\n${readLogTail()}`);
  });
}
