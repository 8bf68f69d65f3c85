import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";

/** Headers of one request with lower-case names, in the order of sending; a name may occur more than once. */
type RecordedHeaders = [name: string, value: string][];

interface ClientProcess {
  /** An ES module; its `process.argv[1]` is the text of the kubeconfig. */
  readonly script: string;
  readonly buildKubeconfig: (server: string) => string;
  readonly directory: string;
}

/**
 * Runs a client in a process that has another working directory, and returns the headers of its first request. The
 * vendor's client is an ES module, which Jest does not load.
 */
export async function recordRequest({ script, buildKubeconfig, directory }: ClientProcess): Promise<RecordedHeaders> {
  const requests: string[][] = [];
  const server = createServer((request, response) => {
    requests.push(request.rawHeaders);
    response.setHeader("content-type", "application/json").end("{}");
  }).listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    const kubeconfig = buildKubeconfig(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
    const options = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", script];
    await promisify(execFile)(process.execPath, [...options, kubeconfig], { cwd: directory });
  } finally {
    server.close();
  }
  const [raw = []] = requests;
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ""]] : []));
}

/** Selects the headers that tell the API server who sends a request, in alphabetical order. */
export function selectIdentityHeaders(headers: RecordedHeaders): RecordedHeaders {
  return headers
    .filter(([name]) => name === "authorization" || name.startsWith("impersonate-"))
    .sort(([a], [b]) => a.localeCompare(b, "en"));
}

/** A kubeconfig for a server without TLS, with the settings of its only user. */
export function renderTestKubeconfig(server: string, user: object): string {
  return JSON.stringify({
    clusters: [{ name: "lumi", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "me", user }],
    contexts: [{ name: "lumi", context: { cluster: "lumi", user: "me" } }],
    "current-context": "lumi",
  });
}

/** A credential program for `exec`, whose token is `from-login`. */
export const credentialProgram = `#!/bin/sh
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"from-login"}}'
`;
