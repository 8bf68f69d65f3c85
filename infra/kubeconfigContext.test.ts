import { load } from "js-yaml";
import { readContextNamespace, selectKubeconfigContext, setContextNamespace } from "./kubeconfigContext.ts";

const kubeconfig = `apiVersion: v1
kind: Config
clusters:
  - { name: lab, cluster: { server: "https://10.0.0.1:6443" } }
  - { name: prod, cluster: { server: "https://10.0.0.2:6443" } }
contexts: [{ name: lab, context: { cluster: lab, user: me } }, { name: prod, context: { cluster: prod, user: me } }]
current-context: lab
users: [{ name: me, user: { token: "${"t".repeat(900)}" } }]
`;

function selectContextOrReadError(text: string, context: string): string {
  try {
    return selectKubeconfigContext(text, { context, file: "/home/me/.kube/config" });
  } catch (error) {
    return (error as Error).message;
  }
}

describe("the kubeconfig of an existing cluster", () => {
  it("gets the configured context as its current one and is otherwise unchanged", () => {
    const before = load(kubeconfig) as object;
    expect(load(selectContextOrReadError(kubeconfig, "prod"))).toEqual({ ...before, "current-context": "prod" });
    const without = { ...before, "current-context": undefined };
    expect(load(selectContextOrReadError(JSON.stringify(without), "prod"))).toEqual({
      ...before,
      "current-context": "prod",
    });
  });

  it("is refused if the context is unknown, with a list of its contexts", () => {
    expect(selectContextOrReadError(kubeconfig, "production")).toBe(
      'mixcpt-infra:cluster.context: /home/me/.kube/config has no context "production"; allowed: lab, prod',
    );
  });

  it("is refused without showing its content if it is not a kubeconfig", () => {
    for (const text of ["", "a: [token", "- token", "contexts: token"]) {
      expect(selectContextOrReadError(text, "prod")).toBe(
        'mixcpt-infra:cluster.context: /home/me/.kube/config has no context "prod"; allowed: none',
      );
    }
  });
});

describe("the namespace in a kubeconfig", () => {
  it("is that of the experiments in the current context, and in no other", () => {
    const changed = setContextNamespace(kubeconfig, "team-a");
    expect(readContextNamespace(changed)).toBe("team-a");
    expect(load(changed)).toMatchObject({
      contexts: [{ context: { namespace: "team-a", user: "me" } }, { name: "prod" }],
    });
    expect(readContextNamespace(selectContextOrReadError(changed, "prod"))).toBe("mixcpt");
  });

  it("replaces the user's own, also by the default one", () => {
    const ofUser = setContextNamespace(kubeconfig, "home-of-me");
    expect(readContextNamespace(setContextNamespace(ofUser, "mixcpt"))).toBe("mixcpt");
  });

  it("leaves the text of a cluster with the default namespace unchanged", () => {
    expect(setContextNamespace(kubeconfig, "mixcpt")).toBe(kubeconfig);
  });

  it("is the default one in a text that is not a kubeconfig", () => {
    for (const text of ["", "a: [token", "- token", "contexts: token"]) {
      expect(setContextNamespace(text, "team-a")).toBe(text);
      expect(readContextNamespace(text)).toBe("mixcpt");
    }
  });
});
