import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  credentialProgram,
  recordRequest,
  renderTestKubeconfig,
  selectIdentityHeaders,
} from "./recordRequest.fixture.ts";

// Each test starts a process that loads the vendor's client.
jest.setTimeout(60_000);

const home = mkdtempSync(join(tmpdir(), "mixcpt-kubectl-config-"));
const elsewhere = mkdtempSync(join(tmpdir(), "mixcpt-elsewhere-"));
const kubeconfigFile = join(home, "config");

beforeAll(() => {
  writeFileSync(join(home, "login"), credentialProgram, { mode: 0o755 });
  writeFileSync(join(home, "token"), "from-file\n");
  writeFileSync(join(home, "empty"), "\n");
});

afterAll(() => {
  rmSync(home, { recursive: true });
  rmSync(elsewhere, { recursive: true });
});

/** Sends a request of the plugin, with a kubeconfig that is named by its path. */
async function sendRequest(user: object) {
  const connectionModule = pathToFileURL(resolve("plugins/kubernetes/apiConnection.ts")).href;
  const script = `
    import { connectToApiServer } from "${connectionModule}";
    const connection = await connectToApiServer({ kubeconfig: ${JSON.stringify(kubeconfigFile)} });
    await connection.callApi({ method: "GET", path: "/version" });
    process.exit(0);`;
  const buildKubeconfig = (server: string) => {
    writeFileSync(kubeconfigFile, renderTestKubeconfig(server, user));
    return "";
  };
  return selectIdentityHeaders(await recordRequest({ script, buildKubeconfig, directory: elsewhere }));
}

describe("the connection of the plugin", () => {
  it("runs a credential program at a path relative to the kubeconfig", async () => {
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "./login" };
    expect(await sendRequest({ exec })).toEqual([["authorization", "Bearer from-login"]]);
  });

  it("sends the token of a file relative to the kubeconfig rather than `token`", async () => {
    const headers = await sendRequest({ tokenFile: "./token", token: "old" });
    expect(headers).toEqual([["authorization", "Bearer from-file"]]);
  });

  it("refuses an empty token file", async () => {
    await expect(sendRequest({ tokenFile: "empty" })).rejects.toThrow(
      `kubeconfig: tokenFile ${join(home, "empty")} is empty; must contain a token`,
    );
  });

  it("reads a certificate relative to the kubeconfig", async () => {
    await expect(sendRequest({ "client-certificate": "me.crt" })).rejects.toThrow(join(home, "me.crt"));
  });

  it("sends every value of an impersonation as one header", async () => {
    const user = {
      token: "abc",
      as: "reader",
      "as-uid": "7",
      "as-groups": ["readers", "a,b"],
      "as-user-extra": { "example.com/team": ["lumi", "csc"] },
    };
    expect(await sendRequest(user)).toEqual([
      ["authorization", "Bearer abc"],
      ["impersonate-extra-example.com%2fteam", "lumi"],
      ["impersonate-extra-example.com%2fteam", "csc"],
      ["impersonate-group", "readers"],
      ["impersonate-group", "a,b"],
      ["impersonate-uid", "7"],
      ["impersonate-user", "reader"],
    ]);
  });
});
