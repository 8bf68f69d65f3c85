import { explainUnreachable } from "./apiErrors.ts";

const call = { timedOut: false, stderr: "" };

describe("a cluster that says nothing of its scores", () => {
  it("did not answer in time", () => {
    expect(explainUnreachable("viking", { ...call, timedOut: true, stderr: "half a line" })).toBe(
      "cluster viking does not answer within 2 s",
    );
  });

  it("could not be asked without kubectl, which set-up builds", () => {
    expect(explainUnreachable("viking", { ...call, code: "ENOENT" })).toMatch(
      /kubectl is missing.*\.\/mixcpt setup client/,
    );
  });

  it("refused, in kubectl's last words", () => {
    expect(
      explainUnreachable("viking", {
        ...call,
        stderr: "E1126 memcache.go\nerror: You must be logged in to the server (Unauthorized)\n",
      }),
    ).toBe("cluster viking does not say: error: You must be logged in to the server (Unauthorized)");
    expect(explainUnreachable("viking", call)).toContain("without a word");
  });
});
