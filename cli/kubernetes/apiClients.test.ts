import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { resolveKubeconfigPaths } from "../../infra/kubeconfigPaths.ts";
import {
  credentialProgram,
  recordRequest,
  renderTestKubeconfig,
  selectIdentityHeaders,
} from "../../plugins/kubernetes/recordRequest.fixture.ts";
import { checkoutDirectory } from "../../workspace/environment.ts";

// Each test starts a process that loads the vendor's client.
jest.setTimeout(60_000);

const home = mkdtempSync(join(tmpdir(), "mixcpt-api-clients-"));
const elsewhere = mkdtempSync(join(tmpdir(), "mixcpt-elsewhere-"));

beforeAll(() => {
  writeFileSync(join(home, "login"), credentialProgram, { mode: 0o755 });
  writeFileSync(join(home, "token"), "from-file\n");
});

afterAll(() => {
  rmSync(home, { recursive: true });
  rmSync(elsewhere, { recursive: true });
});

function buildModuleAddress(name: string): string {
  return pathToFileURL(resolve(checkoutDirectory, "cli/kubernetes", name)).href;
}

const clientScript = `
  import { createApiClients } from "${buildModuleAddress("apiClients.ts")}";
  await createApiClients(process.argv[1]).core.listNamespace();
  process.exit(0);`;

const probeScript = `
  import { probeApiServer } from "${buildModuleAddress("probeApiServer.ts")}";
  await probeApiServer(process.argv[1], { print: console.log });
  process.exit(0);`;

/** Sends a request with the copy of a kubeconfig that `cluster up` writes. */
async function sendRequest(script: string, user: object) {
  const buildKubeconfig = (server: string) => resolveKubeconfigPaths(renderTestKubeconfig(server, user), home);
  return selectIdentityHeaders(await recordRequest({ script, buildKubeconfig, directory: elsewhere }));
}

const reader = { token: "abc", as: "reader", "as-groups": ["readers", "writers"], "as-user-extra": { team: ["a"] } };
const readerHeaders = [
  ["authorization", "Bearer abc"],
  ["impersonate-extra-team", "a"],
  ["impersonate-group", "readers"],
  ["impersonate-group", "writers"],
  ["impersonate-user", "reader"],
];

describe("the clients of the API", () => {
  it("run a credential program at a path relative to the kubeconfig's origin", async () => {
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "./login", args: ["x"] };
    expect(await sendRequest(clientScript, { exec })).toEqual([["authorization", "Bearer from-login"]]);
  });

  it("send the token of a file", async () => {
    expect(await sendRequest(clientScript, { tokenFile: "token" })).toEqual([["authorization", "Bearer from-file"]]);
  });

  it("send every value of an impersonation as one header", async () => {
    expect(await sendRequest(clientScript, reader)).toEqual(readerHeaders);
  });
});

/** A server that accepts requests and never answers. */
async function withSilentServer<Result>(use: (address: string) => Promise<Result>): Promise<Result> {
  const server = createServer(() => undefined).listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    return await use(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("a request to a silent API server", () => {
  // without process.exit: an open request would keep the process alive
  const silentScript = `
    import { createApiClients } from "${buildModuleAddress("apiClients.ts")}";
    const [kubeconfig, ...limits] = process.argv.slice(1);
    const [abortMs, timeoutMs] = limits.map(Number);
    const { core } = createApiClients(kubeconfig, { signal: AbortSignal.timeout(abortMs), timeoutMs });
    await core.listNamespace().catch(({ message }) => console.log(message));`;

  const requestNamespaces = (abortMs: number, timeoutMs: number): Promise<string> =>
    withSilentServer(async (address) => {
      const options = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", silentScript];
      const args = [renderTestKubeconfig(address, {}), String(abortMs), String(timeoutMs)];
      const { stdout } = await promisify(execFile)(process.execPath, [...options, ...args]);
      return stdout;
    });

  it("ends after its time, and names the address", async () => {
    expect(await requestNamespaces(60_000, 300)).toMatch(/^no response within 0.3 s from http:\/\/127.0.0.1:\d+\n$/);
  });

  it("ends at the signal", async () => {
    expect(await requestNamespaces(300, 60_000)).toContain("aborted");
  });
});

describe("the probe of the API server", () => {
  it("sends every value of an impersonation as one header", async () => {
    expect(await sendRequest(probeScript, reader)).toEqual(readerHeaders);
  });
});
