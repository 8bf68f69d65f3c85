/**
 * The roles of a cluster's users on a real API server with RBAC, with the credentials that `cluster kubeconfig` issues,
 * the real Pulumi engine and the project's own program.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { rmSync } from "node:fs";
import * as kubernetes from "@pulumi/kubernetes";
import { load } from "js-yaml";
import { Access } from "../../infra/access/access.ts";
import { accessRoleNames } from "../../infra/access/accessRoles.ts";
import type { AccessRoleName } from "../../infra/access/accessRoles.ts";
import { buildQuarantineTaint } from "../../jobs/kube/quarantine.ts";
import { resolveInstanceDirectory } from "../../workspace/environment.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { installControllerKinds } from "../support/controllerKinds.ts";
import type { GuardedCommand } from "../support/guardedStack.ts";
import { expectSuccess, runProgram } from "../support/mixcptCommand.ts";
import { createPulumiEngine } from "../support/pulumiEngine.ts";
import type { PulumiEngine } from "../support/pulumiEngine.ts";
import type { RoleUserRequest } from "../support/roleUser.ts";
import { waitUntil } from "../support/processes.ts";
import { startRunCluster, trainJobsPath } from "../support/runCluster.ts";

const cluster = "engine-access";
const kubeconfigs = new Map<AccessRoleName, string>();

let api: ApiServer;
let engine: PulumiEngine;

function runSupportProgram(file: string, request: object) {
  return runProgram(process.execPath, ["--disable-warning=ExperimentalWarning", file, JSON.stringify(request)]);
}

function actAs(request: RoleUserRequest) {
  return runSupportProgram("tests/support/roleUser.ts", request);
}

function runStack(command: Omit<GuardedCommand, "home" | "cluster">) {
  return runSupportProgram("tests/support/guardedStack.ts", { home: engine.home, cluster, ...command });
}

/** Creates the roles as `cluster up` does. */
async function installAccess(): Promise<void> {
  const program = () => {
    const provider = new kubernetes.Provider("cluster", { kubeconfig: api.kubeconfig });
    new Access("access", { namespace: "mixcpt", access: { view: ["readers"] } }, { provider });
    return Promise.resolve({});
  };
  const stack = await engine.selectStack("access", program);
  await stack.up();
  expect((await stack.up()).summary.resourceChanges).toEqual({ same: 25 });
}

async function issueCredential(role: AccessRoleName): Promise<string> {
  const { output, stdout } = await actAs({ verb: "issue", kubeconfig: api.kubeconfig, role, hours: 2 });
  if (!stdout.startsWith("{")) throw new Error(output);
  const { kubeconfig, expires } = JSON.parse(stdout) as { kubeconfig: string; expires: string };
  expect(Date.parse(expires) - Date.now()).toBeLessThanOrEqual(2 * 3_600_000);
  return kubeconfig;
}

function readToken(role: AccessRoleName): string {
  const { users } = load(kubeconfigs.get(role) ?? "") as { users: [{ user: { token: string } }] };
  return users[0].user.token;
}

/** The status that a request of a role gets. */
async function requestAs(role: AccessRoleName, request: string, body = {}): Promise<number> {
  const [method = "", path = ""] = request.split(" ");
  const hasBody = method === "POST" || method === "PATCH";
  return (await api.callAs(readToken(role), method, path, ...(hasBody ? [body] : []))).status;
}

/** Ends a deletion in the foreground as the garbage collector does, which learns of new kinds only after a while. */
async function collectGarbage(path: string): Promise<void> {
  const removeFinalizers = () => api.call("PATCH", path, { metadata: { finalizers: null } });
  await waitUntil(`${path} is deleted`, async () => (await removeFinalizers()).status === 404);
}

beforeAll(async () => {
  [api, engine] = await Promise.all([startRunCluster(), createPulumiEngine()]);
  await installControllerKinds(api, /^(workloads|clusterqueues|localqueues)\./);
  await api.call("POST", "/api/v1/namespaces", { metadata: { name: "others" } });
  await api.call("POST", "/api/v1/nodes", { metadata: { name: "gpu-1" } });
  await api.call("POST", "/api/v1/namespaces/mixcpt/secrets", { metadata: { name: "hub" }, stringData: { t: "hf_x" } });
  await installAccess();
  for (const role of accessRoleNames) kubeconfigs.set(role, await issueCredential(role));
});

afterAll(async () => {
  rmSync(resolveInstanceDirectory(cluster), { recursive: true, force: true });
  engine?.removeHome();
  await api?.stop();
});

describe("a user who submits", () => {
  it("runs up, watch, retry and destroy of a stack with a credential of that role alone", async () => {
    const kubeconfig = kubeconfigs.get("submit") ?? "";
    await runStack({ verb: "declare-cluster", kubeconfig });
    expectSuccess(await runStack({ verb: "up" }));
    const { body } = await api.call("GET", trainJobsPath);
    const [training] = body["items"] as [{ metadata: { name: string } }];
    const { output, stdout } = await actAs({ verb: "watch", kubeconfig });
    expect([stdout, output]).toEqual(['{"trainings":1,"unread":[]}\n', stdout]);
    const retried = actAs({ verb: "retry", cluster, training: training.metadata.name });
    await collectGarbage(`${trainJobsPath}/${training.metadata.name}`);
    expectSuccess(await retried);
    expect((await api.call("GET", trainJobsPath)).body["items"]).toEqual([]);
    expectSuccess(await runStack({ verb: "destroy", endRunning: true }));
    expect((await api.call("GET", "/apis/batch/v1/namespaces/mixcpt/jobs")).body["items"]).toEqual([]);
  });

  it.each([
    "DELETE /api/v1/namespaces/mixcpt",
    "GET /api/v1/namespaces/mixcpt/secrets",
    "GET /api/v1/namespaces/mixcpt/secrets/hub",
    "PATCH /api/v1/nodes/gpu-1",
    "DELETE /api/v1/nodes/gpu-1",
    "GET /api/v1/namespaces/others/pods",
    "POST /apis/batch/v1/namespaces/others/jobs",
    "GET /apis/batch/v1/jobs",
    "POST /api/v1/namespaces/mixcpt/pods",
    "POST /api/v1/namespaces/mixcpt/configmaps",
    "DELETE /api/v1/namespaces/mixcpt/configmaps/scores-tiny",
    "DELETE /api/v1/namespaces/mixcpt/persistentvolumeclaims/store",
    "POST /api/v1/namespaces/mixcpt/pods/any/exec",
    "POST /apis/rbac.authorization.k8s.io/v1/namespaces/mixcpt/rolebindings",
    "POST /api/v1/namespaces/mixcpt-access/serviceaccounts/operate/token",
    "POST /apis/batch/v1/namespaces/mixcpt-access/jobs",
  ])("is refused %s", async (request) => {
    expect(await requestAs("submit", request)).toBe(403);
  });
});

describe("a user who views", () => {
  it("reads runs, logs, scores and why work waits", async () => {
    const { stdout, output } = await actAs({ verb: "watch", kubeconfig: kubeconfigs.get("view") ?? "" });
    expect([stdout, output]).toEqual(['{"trainings":0,"unread":[]}\n', stdout]);
    for (const path of ["/api/v1/namespaces/mixcpt/configmaps", "/api/v1/nodes"])
      expect(await requestAs("view", `GET ${path}`)).toBe(200);
    expect(await requestAs("view", "GET /api/v1/namespaces/mixcpt/pods/none/log")).toBe(404);
  });

  it.each([
    `POST ${trainJobsPath}`,
    `DELETE ${trainJobsPath}/any`,
    "POST /apis/batch/v1/namespaces/mixcpt/jobs",
    "GET /api/v1/namespaces/mixcpt/secrets",
    "PATCH /api/v1/nodes/gpu-1",
  ])("is refused %s", async (request) => {
    expect(await requestAs("view", request)).toBe(403);
  });
});

describe("a user who operates", () => {
  it("taints a node, holds a queue and removes a pod", async () => {
    const quarantine = buildQuarantineTaint("operator");
    expect(await requestAs("operate", "PATCH /api/v1/nodes/gpu-1", { spec: { taints: [quarantine] } })).toBe(200);
    expect(await requestAs("operate", "DELETE /api/v1/namespaces/mixcpt/pods/none")).toBe(404);
    const queue = "PATCH /apis/kueue.x-k8s.io/v1beta2/namespaces/mixcpt/localqueues/none";
    expect(await requestAs("operate", queue, { spec: { stopPolicy: "Hold" } })).toBe(404);
  });

  it.each([
    "DELETE /api/v1/namespaces/mixcpt",
    "DELETE /api/v1/nodes/gpu-1",
    "GET /api/v1/namespaces/mixcpt/secrets",
    "PATCH /apis/rbac.authorization.k8s.io/v1/namespaces/mixcpt/roles/mixcpt-operate",
    "POST /api/v1/namespaces/mixcpt-access/serviceaccounts/operate/token",
  ])("is refused %s", async (request) => {
    expect(await requestAs("operate", request)).toBe(403);
  });
});
