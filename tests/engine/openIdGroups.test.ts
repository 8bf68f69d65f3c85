/**
 * The groups of `access` on a cluster that lets people log in by OpenID Connect: a real API server, with a stand-in for
 * the issuer. The flags are those of a cluster's owner; this project sets none of them.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccessManifest } from "../../infra/access/accessRoles.ts";
import { buildAccessManifests } from "../../infra/access/accessRoles.ts";
import { auditPolicyText } from "../../infra/cluster/apiServerConfig.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { startApiServer } from "../support/apiServer.ts";
import type { OpenIdIssuer } from "../support/openIdIssuer.ts";
import { startOpenIdIssuer } from "../support/openIdIssuer.ts";
import { waitUntil } from "../support/processes.ts";

const home = mkdtempSync(join(tmpdir(), "mixcpt-open-id-"));
const auditLog = join(home, "audit.log");
const audience = "kubernetes";
const podsPath = "/api/v1/namespaces/mixcpt/pods";
const jobsPath = "/apis/batch/v1/namespaces/mixcpt/jobs";
const reviewsPath = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

let issuer: OpenIdIssuer;
let otherIssuer: OpenIdIssuer;
let api: ApiServer;

function formatManifestPath({ apiVersion, kind, metadata: { namespace } }: AccessManifest): string {
  const scope = namespace === undefined ? "" : `/namespaces/${namespace}`;
  return `/${apiVersion === "v1" ? "api" : "apis"}/${apiVersion}${scope}/${kind.toLowerCase()}s`;
}

function describePerson(name: string, ...groups: readonly string[]) {
  return { sub: name, aud: audience, groups };
}

async function readStatus(token: string, ...request: Parameters<ApiServer["call"]>): Promise<number> {
  return (await api.callAs(token, ...request)).status;
}

/** Creates a Job with a person's token and returns the status of the answer. */
function createJob(token: string, name: string, query = ""): Promise<number> {
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "a" }] } };
  return readStatus(token, "POST", `${jobsPath}${query}`, { metadata: { name }, spec: { template } });
}

/** Waits until the roles count: the API server learns of the issuer's keys after its start, and of roles after a moment. */
async function awaitRoles(): Promise<void> {
  const reader = issuer.sign(describePerson("reader", "everyone"));
  const submitter = issuer.sign(describePerson("submitter", "lab"));
  for (const path of [podsPath, "/api/v1/nodes"])
    await waitUntil(`a reader may read ${path}`, async () => (await readStatus(reader, "GET", path)) === 200);
  await waitUntil("a submitter may create", async () => (await createJob(submitter, "dry", "?dryRun=All")) === 201);
}

beforeAll(async () => {
  issuer = await startOpenIdIssuer(join(home, "issuer"));
  otherIssuer = await startOpenIdIssuer(join(home, "other"));
  writeFileSync(join(home, "policy.yaml"), auditPolicyText);
  api = await startApiServer([
    `--audit-policy-file=${join(home, "policy.yaml")}`,
    `--audit-log-path=${auditLog}`,
    `--oidc-issuer-url=${issuer.url}`,
    `--oidc-ca-file=${issuer.certificateFile}`,
    `--oidc-client-id=${audience}`,
    "--oidc-username-claim=sub",
    "--oidc-username-prefix=oidc:",
    "--oidc-groups-claim=groups",
    "--oidc-groups-prefix=oidc:",
  ]);
  await api.call("POST", "/api/v1/namespaces", { metadata: { name: "mixcpt" } });
  const access = { view: ["oidc:everyone"], submit: ["oidc:lab"] };
  for (const manifest of buildAccessManifests({ namespace: "mixcpt", access })) {
    const { status, body } = await api.call("POST", formatManifestPath(manifest), manifest);
    if (status !== 201) throw new Error(JSON.stringify(body));
  }
  await awaitRoles();
});

afterAll(async () => {
  await api?.stop();
  issuer?.stop();
  otherIssuer?.stop();
  rmSync(home, { recursive: true });
});

describe("a person with a token of the cluster's OpenID issuer", () => {
  it("may read with a group of the role view, and create nothing", async () => {
    const ada = issuer.sign(describePerson("ada", "everyone"));
    expect(await readStatus(ada, "GET", podsPath)).toBe(200);
    expect(await readStatus(ada, "GET", "/api/v1/nodes")).toBe(200);
    expect(await createJob(ada, "viewed")).toBe(403);
  });

  it("may submit with a group of the role submit, and read no Secret", async () => {
    const bo = issuer.sign(describePerson("bo", "everyone", "lab"));
    expect(await createJob(bo, "submitted")).toBe(201);
    expect(await readStatus(bo, "GET", "/api/v1/namespaces/mixcpt/secrets")).toBe(403);
  });

  it("may do nothing without such a group, or with a group of Kubernetes by name", async () => {
    for (const groups of [[], ["guests"], ["system:masters"]])
      expect([groups, await readStatus(issuer.sign(describePerson("eve", ...groups)), "GET", podsPath)]).toEqual([
        groups,
        403,
      ]);
  });

  it("is known to the cluster and its audit log by the name and groups with their prefix", async () => {
    const cy = issuer.sign(describePerson("cy@site.example", "everyone"));
    const { body } = await api.callAs(cy, "POST", reviewsPath, {});
    expect(body["status"]).toMatchObject({
      userInfo: { username: "oidc:cy@site.example", groups: ["oidc:everyone", "system:authenticated"] },
    });
    expect(await createJob(cy, "refused")).toBe(403);
    const isNamed = () => readFileSync(auditLog, "utf8").includes('"username":"oidc:cy@site.example"');
    await waitUntil("the audit log names the person", isNamed);
    expect(readFileSync(auditLog, "utf8")).not.toContain(cy.split(".")[2]);
  });
});

describe("a token is refused", () => {
  const ada = describePerson("ada", "everyone");
  const now = Math.floor(Date.now() / 1000);

  it.each<[string, () => string]>([
    ["that is for another audience", () => issuer.sign({ ...ada, aud: "wiki" })],
    ["that has expired", () => issuer.sign({ ...ada, iat: now - 7200, exp: now - 3600 })],
    ["of another issuer", () => otherIssuer.sign(ada)],
    ["of another issuer in the name of the cluster's", () => issuer.forge(ada)],
    [
      "whose groups were changed",
      () => {
        const [header = "", , signature = ""] = issuer.sign(ada).split(".");
        const [, claims = ""] = issuer.sign({ ...ada, groups: ["lab"] }).split(".");
        return [header, claims, signature].join(".");
      },
    ],
  ])("%s", async (_, sign) => {
    expect(await readStatus(issuer.sign(ada), "GET", podsPath)).toBe(200);
    expect(await readStatus(sign(), "GET", podsPath)).toBe(401);
  });
});
