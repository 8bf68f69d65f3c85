import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { findKubeconfigContext } from "./currentContext.ts";

const home = mkdtempSync(join(tmpdir(), "mixcpt-context-"));

afterAll(() => rmSync(home, { recursive: true }));

interface KubeconfigParts {
  readonly current?: string;
  readonly contexts?: readonly string[];
  readonly clusters?: readonly string[];
}

function writeKubeconfig(name: string, { current, contexts = [], clusters = contexts }: KubeconfigParts): string {
  const file = join(home, name);
  const text = stringify({
    contexts: contexts.map((context) => ({ name: context, context: { cluster: context, user: "me" } })),
    clusters: clusters.map((cluster) => ({ name: cluster, cluster: { server: `https://${cluster}.example` } })),
    users: [{ name: "me", user: {} }],
    ...(current !== undefined && { "current-context": current }),
  });
  writeFileSync(file, text);
  return file;
}

const lab = writeKubeconfig("lab", { contexts: ["lab", "spare"] });
const rack = writeKubeconfig("rack", { contexts: ["rack"], current: "rack" });
const missing = join(home, "missing");

describe("the context of the demo", () => {
  it("is the current one of the first file that has one, as in kubectl", () => {
    expect(findKubeconfigContext([missing, lab, rack])).toEqual({
      file: rack,
      context: "rack",
      server: "https://rack.example",
    });
  });

  it("is the named one, in whichever file it is", () => {
    expect(findKubeconfigContext([lab, rack], "spare")).toEqual({
      file: lab,
      context: "spare",
      server: "https://spare.example",
    });
  });

  it("is refused with the known ones if it does not exist or none is current", () => {
    expect(() => findKubeconfigContext([lab, rack], "lap")).toThrow(
      `context "lap": not in ${lab}, ${rack}; known: lab, spare, rack`,
    );
    expect(() => findKubeconfigContext([lab])).toThrow(`${lab}: has no current context; choose one with --context`);
  });

  it("is refused if there is no kubeconfig, or if it needs two of them", () => {
    expect(() => findKubeconfigContext([missing])).toThrow(`${missing}: missing; name the kubeconfig`);
    const divided = writeKubeconfig("divided", { contexts: ["far"], clusters: [], current: "far" });
    expect(() => findKubeconfigContext([divided])).toThrow(/its cluster or its user in another file; write one file/);
  });
});
