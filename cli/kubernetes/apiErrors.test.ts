import { explainClientError, explainUnreachable, isMissingKindError } from "./apiErrors.ts";

const failure = { timedOut: false, stderr: "" };

describe("the explanation of a failed kubectl call", () => {
  it("names the timeout, whatever kubectl printed", () => {
    expect(explainUnreachable("viking", { ...failure, timedOut: true, stderr: "half a line" }, 2000)).toBe(
      'cluster "viking" did not respond within 2 s',
    );
  });

  it("names the command that builds a missing kubectl", () => {
    expect(explainUnreachable("viking", { ...failure, code: "ENOENT" }, 2000)).toMatch(
      /kubectl.* is missing.*\.\/mixcpt setup client/,
    );
  });

  it("quotes the last line that kubectl printed", () => {
    const stderr = "E1126 memcache.go\nerror: You must be logged in to the server (Unauthorized)\n";
    expect(explainUnreachable("viking", { ...failure, exitCode: 1, stderr }, 2000)).toBe(
      'cluster "viking" refused the credentials: error: You must be logged in to the server (Unauthorized); ' +
        "renew them: ./mixcpt cluster up viking fetches them again from their origin; " +
        "where that is kubeconfigFile, put new ones there first",
    );
  });

  it("names who can help if the user lacks a right", () => {
    const stderr = 'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods"\n';
    expect(explainUnreachable("viking", { ...failure, exitCode: 1, stderr }, 2000)).toMatch(
      /^cluster "viking" denied access: .*"jane".*; ask its administrator .*\.\/mixcpt cluster up viking$/,
    );
  });

  it("names the exit code if kubectl printed nothing", () => {
    expect(explainUnreachable("viking", { ...failure, exitCode: 1 }, 2000)).toBe(
      'could not read cluster "viking": kubectl exited with code 1 and printed no error',
    );
    expect(explainUnreachable("viking", failure, 2000)).toContain("kubectl did not exit normally");
  });
});

const execKubeconfig = JSON.stringify({
  "current-context": "lab",
  contexts: [{ name: "lab", context: { cluster: "lab", user: "jane" } }],
  users: [{ name: "jane", user: { exec: { command: "aws", args: ["eks", "get-token", "--profile", "secret"] } } }],
});

/** An error as the API client throws it: the message has everything, and a line break after each part. */
function buildClientError(code: number, body: unknown): Error {
  const message = `HTTP-Code: ${String(code)}\nBody: ${JSON.stringify(body)}\nHeaders: {"audit-id":"1f2e"}`;
  return Object.assign(new Error(message), { code, body });
}

describe("the explanation of refused access", () => {
  const unauthorized = buildClientError(401, '{"message":"Unauthorized"}');

  it("names the command that fetches the credentials again", () => {
    expect(explainClientError("lab", unauthorized)).toBe(
      'cluster "lab" refused the credentials (401 Unauthorized); ' +
        "renew them: ./mixcpt cluster up lab fetches them again from their origin; " +
        "where that is kubeconfigFile, put new ones there first",
    );
  });

  it("names the program that issues the credentials, without its options", () => {
    expect(explainClientError("lab", unauthorized, execKubeconfig)).toContain(
      'they come from "aws eks get-token": log in',
    );
    expect(explainClientError("lab", unauthorized, execKubeconfig)).not.toContain("secret");
  });

  it.each(["", "users: [", "users: []"])("does not need a readable kubeconfig: %j", (kubeconfig) => {
    expect(explainClientError("lab", unauthorized, kubeconfig)).toContain("./mixcpt cluster up lab");
  });

  it("quotes the server's sentence about a missing right, and nothing else of the response", () => {
    const body = { kind: "Status", message: 'pods is forbidden: User "jane" cannot list resource "pods"' };
    for (const sent of [body, JSON.stringify(body)])
      expect(explainClientError("lab", buildClientError(403, sent))).toMatch(
        /^cluster "lab" denied access: pods is forbidden: User "jane" cannot list resource "pods"; ask [^{}]*$/,
      );
  });

  it.each([
    [new Error("\nError loading SSO Token: expired\n"), "Error loading SSO Token: expired"],
    [new Error(""), "it printed no error"],
    [Object.assign(new Error("spawn aws ENOENT"), { code: "ENOENT", syscall: "spawn aws" }), "spawn aws ENOENT"],
  ])("names the program that issues no credentials: %s", (error, line) => {
    expect(explainClientError("lab", error, execKubeconfig)).toBe(
      'could not read cluster "lab": "aws eks get-token" issued no credentials: ' +
        `${line}; log in with that program again`,
    );
  });

  it("does not blame that program for an unreachable cluster", () => {
    const error = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED", syscall: "connect" });
    expect(explainClientError("lab", error, execKubeconfig)).toContain("ECONNREFUSED; run ./mixcpt doctor");
  });

  it("survives a proxy's page", () => {
    expect(explainClientError("lab", buildClientError(403, "<html>"))).toContain("403 Forbidden");
  });
});

it("the explanation of a client's error quotes its message", () => {
  expect(explainClientError("dev", new Error("connect ECONNREFUSED"))).toBe(
    'could not read cluster "dev": connect ECONNREFUSED; run ./mixcpt doctor to see what is running',
  );
});

describe("kubectl's error about a kind that is not installed", () => {
  it.each([
    'error: the server doesn\'t have a resource type "trainjobs"',
    'Error from server (NotFound): Unable to list "kueue.x-k8s.io/v1beta1, Resource=workloads": ' +
      "the server could not find the requested resource",
  ])("is recognized: %s", (stderr) => {
    expect(isMissingKindError(stderr)).toBe(true);
  });

  it("is not confused with that of an unreachable cluster", () => {
    const refused =
      "The connection to the server 10.89.0.11:6443 was refused - did you specify the right host or port?";
    expect(isMissingKindError(refused)).toBe(false);
  });
});
