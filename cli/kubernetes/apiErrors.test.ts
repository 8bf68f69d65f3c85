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
      'could not read cluster "viking": error: You must be logged in to the server (Unauthorized)',
    );
  });

  it("names the exit code if kubectl printed nothing", () => {
    expect(explainUnreachable("viking", { ...failure, exitCode: 1 }, 2000)).toBe(
      'could not read cluster "viking": kubectl exited with code 1 and printed no error',
    );
    expect(explainUnreachable("viking", failure, 2000)).toContain("kubectl did not exit normally");
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
