/**
 * The certificates of persons that `cluster kubeconfig --user` issues, on a real API server with the audit policy of our
 * clusters.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import type { AccessManifest } from "../../infra/access/accessRoles.ts";
import { buildAccessManifests } from "../../infra/access/accessRoles.ts";
import { auditPolicyText } from "../../infra/cluster/apiServerConfig.ts";
import type { ApiServer, ClientCertificate } from "../support/apiServer.ts";
import { startApiServer } from "../support/apiServer.ts";
import { makeCertificateAuthority } from "../support/certificateAuthority.ts";
import { runProgram } from "../support/mixcptCommand.ts";
import { waitUntil } from "../support/processes.ts";
import type { RoleUserRequest } from "../support/roleUser.ts";

const home = mkdtempSync(join(tmpdir(), "mixcpt-user-certificates-"));
const auditLog = join(home, "audit.log");
const authority = makeCertificateAuthority(join(home, "authority"));
const otherAuthority = makeCertificateAuthority(join(home, "other"));
const requestsPath = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const jobsPath = "/apis/batch/v1/namespaces/mixcpt/jobs";
const rbacPath = "/apis/rbac.authorization.k8s.io/v1";
const usersBindings = [
  `${rbacPath}/namespaces/mixcpt/rolebindings/mixcpt-submit-users`,
  `${rbacPath}/clusterrolebindings/mixcpt:submit:users`,
];

let api: ApiServer;

function formatManifestPath({ apiVersion, kind, metadata: { namespace } }: AccessManifest): string {
  const scope = namespace === undefined ? "" : `/namespaces/${namespace}`;
  return `/${apiVersion === "v1" ? "api" : "apis"}/${apiVersion}${scope}/${kind.toLowerCase()}s`;
}

function issue(request: Partial<RoleUserRequest & { verb: "issue" }>) {
  const issued = { verb: "issue", kubeconfig: api.kubeconfig, role: "submit", hours: 2, user: "ada", ...request };
  const program = ["--disable-warning=ExperimentalWarning", "tests/support/roleUser.ts", JSON.stringify(issued)];
  return runProgram(process.execPath, program);
}

async function issueKubeconfig(user: string): Promise<{ kubeconfig: string; expires: string }> {
  // the controller that signs starts with the first of these tests
  const { stdout, output } = await issue({ user, patienceMs: 240_000 });
  if (!stdout.startsWith("{")) throw new Error(output);
  return JSON.parse(stdout) as { kubeconfig: string; expires: string };
}

function readCertificate(kubeconfig: string): ClientCertificate {
  const { users } = load(kubeconfig) as { users: [{ user: Record<string, string> }] };
  const [cert, key] = ["certificate", "key"].map((name) =>
    Buffer.from(users[0].user[`client-${name}-data`] ?? "", "base64"),
  ) as [Buffer, Buffer];
  return { cert, key };
}

interface AuditEntry {
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string; readonly groups: readonly string[] };
  readonly objectRef?: { readonly resource: string; readonly name?: string };
}

/** Reads the entries that are complete: the last one may be half-written. */
function readAuditEntries(): AuditEntry[] {
  const lines = readFileSync(auditLog, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as AuditEntry);
}

async function listRequests() {
  const { body } = await api.call("GET", requestsPath);
  return body["items"] as { metadata: { name: string }; spec: { request: string }; status: { conditions?: unknown } }[];
}

beforeAll(async () => {
  writeFileSync(join(home, "policy.yaml"), auditPolicyText);
  const audit = [`--audit-policy-file=${join(home, "policy.yaml")}`, `--audit-log-path=${auditLog}`];
  api = await startApiServer([...audit, `--client-ca-file=${authority.certificateFile}`]);
  await api.call("POST", "/api/v1/namespaces", { metadata: { name: "mixcpt" } });
  for (const manifest of buildAccessManifests({ namespace: "mixcpt" })) {
    const { status, body } = await api.call("POST", formatManifestPath(manifest), manifest);
    if (status !== 201) throw new Error(JSON.stringify(body));
  }
});

afterAll(async () => {
  await api?.stop();
  rmSync(home, { recursive: true });
});

const alternative = "leave out --user for a token of the role, or give the role to a group of the cluster's own users";

describe("a cluster that gives users no certificates", () => {
  it("is named if it signs nothing, as EKS, with what to use instead, and keeps no request", async () => {
    const { output, exitCode } = await issue({ patienceMs: 1000 });
    expect(exitCode).toBe(1);
    expect(output).toContain('cluster "lab" issues no certificates for users');
    expect(output).toContain(alternative);
    expect(await listRequests()).toEqual([]);
  });

  it("is named if its signer refuses", async () => {
    const refused = issue({});
    await waitUntil("a request is approved", async () => (await listRequests())[0]?.status.conditions !== undefined);
    const [{ metadata: { name } } = { metadata: { name: "" } }] = await listRequests();
    const path = `${requestsPath}/${name}/status`;
    const { body } = await api.call("GET", path);
    const { conditions } = body["status"] as { conditions: object[] };
    const failed = { type: "Failed", status: "True", reason: "SignerValidationFailure", message: "no such usage" };
    await api.call("PATCH", path, { status: { conditions: [...conditions, failed] } });
    const { output } = await refused;
    expect(output).toMatch(/issues no certificates for users.*Failed: no such usage/);
    expect(output).toContain(alternative);
  });

  it.each([
    ["whose API server does not accept what it signs", 24, "signs certificates for users and does not accept them"],
    ["that signs for longer than was asked for", 2, "instead of for 2 hours, and a certificate cannot be revoked"],
  ])("is named if it is one %s", async (_, hours, reason) => {
    const refused = issue({ hours });
    await waitUntil("a request is approved", async () => (await listRequests())[0]?.status.conditions !== undefined);
    const [request] = await listRequests();
    const signed = otherAuthority.sign(Buffer.from(request?.spec.request ?? "", "base64")); // for a day
    const status = { certificate: signed.toString("base64") };
    await api.call("PATCH", `${requestsPath}/${request?.metadata.name ?? ""}/status`, { status });
    const { output, exitCode } = await refused;
    expect([exitCode, output]).toEqual([1, expect.stringContaining(reason)]);
    expect(output).toContain(alternative);
  });
});

describe("a person with a certificate", () => {
  let ada: ClientCertificate;
  let expires: string;

  beforeAll(async () => {
    const { certificateFile, keyFile } = authority;
    api.startControllers([`--cluster-signing-cert-file=${certificateFile}`, `--cluster-signing-key-file=${keyFile}`]);
    const issued = await issueKubeconfig("ada@site.example");
    [ada, expires] = [readCertificate(issued.kubeconfig), issued.expires];
  });

  it("is named by the audit log, beside the role, and so is whoever issued the certificate", async () => {
    const job = {
      metadata: { name: "tried" },
      spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "a" }] } } },
    };
    expect((await api.callAs(ada, "POST", jobsPath, job)).status).toBe(201);
    const byAda = () => readAuditEntries().filter(({ user }) => user.username === "ada@site.example");
    await waitUntil("the audit log has the Job", () => byAda().some(({ objectRef }) => objectRef?.resource === "jobs"));
    const created = byAda().find(({ objectRef }) => objectRef?.resource === "jobs");
    expect(created).toMatchObject({ verb: "create", objectRef: { name: "tried" } });
    expect(created?.user.groups).toEqual(["mixcpt:submit", "system:authenticated"]);
    const issuing = readAuditEntries().filter(({ objectRef }) => /-ada-site-example-/.test(objectRef?.name ?? ""));
    expect(new Set(issuing.map(({ user }) => user.username))).toContain("admin");
    expect(issuing.map(({ requestURI }) => requestURI).join("\n")).toContain("/approval");
  });

  it("has the rights of the role and no more", async () => {
    expect((await api.callAs(ada, "GET", "/api/v1/namespaces/mixcpt/pods")).status).toBe(200);
    expect((await api.callAs(ada, "GET", "/api/v1/nodes")).status).toBe(200);
    const refused: [string, string, object?][] = [
      ["GET", "/api/v1/namespaces/mixcpt/secrets"],
      ["GET", "/api/v1/namespaces/default/pods"],
      ["DELETE", `${rbacPath}/namespaces/mixcpt/rolebindings/mixcpt-submit-users`],
      ["POST", "/api/v1/namespaces/mixcpt/pods", {}],
      ["POST", requestsPath, {}],
      ["POST", "/api/v1/namespaces/mixcpt-access/serviceaccounts/operate/token", {}],
    ];
    for (const request of refused)
      expect([request, (await api.callAs(ada, ...request)).status]).toEqual([request, 403]);
  });

  it("cannot issue a certificate, neither of their own role nor of another", async () => {
    const { kubeconfig } = await issueKubeconfig("ada");
    for (const role of ["submit", "operate"] as const) {
      const { output, exitCode } = await issue({ kubeconfig, role, user: "eve" });
      expect([exitCode, output]).toEqual([1, expect.stringMatching(/denied access: .*certificatesigningrequests/)]);
    }
  });

  it("loses the certificate after the hours, and the cluster keeps neither request nor key", async () => {
    const hours = (Date.parse(expires) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(1.8);
    expect(hours).toBeLessThanOrEqual(2);
    expect(await listRequests()).toEqual([]);
    const secret = ada.key.toString("base64").slice(40, 120);
    expect(readFileSync(auditLog, "utf8")).not.toContain(secret);
  });

  it("is refused once an administrator deletes the binding of the role's certificates; accounts are not", async () => {
    const kept = await Promise.all(usersBindings.map((path) => api.call("GET", path)));
    for (const path of usersBindings) expect((await api.call("DELETE", path)).status).toBe(200);
    const isRefused = async (path: string) => (await api.callAs(ada, "GET", path)).status === 403;
    for (const path of [jobsPath, "/api/v1/nodes"]) await waitUntil(`${path} is refused`, () => isRefused(path));
    const { output } = await issue({ user: "grace" });
    expect(output).toContain('cluster "lab" gives the group mixcpt:submit no rights; run ./mixcpt cluster up lab');
    const token = await issue({ user: undefined as never });
    const { users } = load((JSON.parse(token.stdout) as { kubeconfig: string }).kubeconfig) as {
      users: [{ user: { token: string } }];
    };
    expect((await api.callAs(users[0].user.token, "GET", jobsPath)).status).toBe(200);
    for (const [index, { body }] of kept.entries()) {
      const path = usersBindings[index]?.split("/").slice(0, -1).join("/") ?? "";
      const { name, labels } = body["metadata"] as { name: string; labels: object };
      await api.call("POST", path, { ...body, metadata: { name, labels } });
    }
    await waitUntil(
      "the certificate counts again",
      async () => (await api.callAs(ada, "GET", jobsPath)).status === 200,
    );
  });
});
