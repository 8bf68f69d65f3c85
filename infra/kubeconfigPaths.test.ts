import { load } from "js-yaml";
import { resolveKubeconfigPaths } from "./kubeconfigPaths.ts";

const folder = "/home/me/.kube";

function resolveUser(user: object): unknown {
  const text = JSON.stringify({ users: [{ name: "me", user }] });
  return (load(resolveKubeconfigPaths(text, folder)) as { users: [{ user: unknown }] }).users[0].user;
}

describe("the paths of a kubeconfig", () => {
  it("are relative to its folder", () => {
    const text = "clusters: [{ name: lumi, cluster: { server: s, certificate-authority: site/ca.crt } }]\n";
    expect(load(resolveKubeconfigPaths(text, folder))).toEqual({
      clusters: [{ name: "lumi", cluster: { server: "s", "certificate-authority": "/home/me/.kube/site/ca.crt" } }],
    });
    expect(resolveUser({ "client-certificate": "me.crt", "client-key": "../me.key", tokenFile: "./token" })).toEqual({
      "client-certificate": "/home/me/.kube/me.crt",
      "client-key": "/home/me/me.key",
      tokenFile: "/home/me/.kube/token",
    });
  });

  it("include the command of a credential program only if it contains a slash", () => {
    expect(resolveUser({ exec: { command: "./login", args: ["./x"] } })).toEqual({
      exec: { command: "/home/me/.kube/login", args: ["./x"] },
    });
    expect(resolveUser({ exec: { command: "bin/login" } })).toEqual({ exec: { command: "/home/me/.kube/bin/login" } });
    expect(resolveUser({ exec: { command: "login" } })).toEqual({ exec: { command: "login" } });
  });

  it("are found behind YAML aliases, and other texts keep their quotes", () => {
    const text = [
      "x-ca: &ca ca.crt",
      "clusters: [{ name: a, cluster: &site { certificate-authority: *ca } }, { name: b, cluster: *site }]",
      'contexts: [{ name: "no", context: { cluster: a } }]',
    ].join("\n");
    const resolved = resolveKubeconfigPaths(text, folder);
    const site = { "certificate-authority": "/home/me/.kube/ca.crt" };
    expect(load(resolved)).toMatchObject({
      clusters: [
        { name: "a", cluster: site },
        { name: "b", cluster: site },
      ],
    });
    expect(resolved).toContain('name: "no"');
  });

  it("leave a text unchanged that has no relative path or is not a kubeconfig", () => {
    const absolute =
      "clusters: [{name: a, cluster: {certificate-authority: /ca.crt}}]\nusers: [{name: me, user: null}]";
    for (const text of [absolute, "", "a: [token", "- token", "users: token", "users: [{ user: { tokenFile: '' } }]"])
      expect(resolveKubeconfigPaths(text, folder)).toBe(text);
  });
});
