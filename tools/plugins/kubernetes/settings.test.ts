import { settingChanges, settingFailures, settingsOf } from "./settings.ts";

const kubeconfig = (server: string, token = "a") => JSON.stringify({
  clusters: [{ name: "c", cluster: { server } }],
  contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  users: [{ name: "u", user: { token } }],
  "current-context": "x",
});

it("says which arguments are not supported, all at once", () => {
  const failures = settingFailures({ kubeconfig: "", renderYamlToDirectory: "a", helmReleaseSettings: "b", version: "4" });
  expect(failures.map(({ property }) => property)).toEqual(["renderYamlToDirectory", "helmReleaseSettings"]);
});

it("reads what it supports", () => {
  expect(settingsOf({ kubeconfig: "/etc/config", namespace: "mixcpt" }, "5f0c")).toEqual({ id: "5f0c", kubeconfig: "/etc/config", context: undefined, cluster: undefined, namespace: "mixcpt" });
});

describe("another kubeconfig", () => {
  const replaces = (olds: object, news: object) => settingChanges(olds as never, news as never).some((change) => change.replaces);

  it("of another server means that everything is made anew", () => {
    expect(replaces({ kubeconfig: kubeconfig("https://a") }, { kubeconfig: kubeconfig("https://b") })).toBe(true);
  });

  it("with other credentials for the same server does not", () => {
    expect(replaces({ kubeconfig: kubeconfig("https://a") }, { kubeconfig: kubeconfig("https://a", "b") })).toBe(false);
  });

  it("does not either where the program says that it is the same cluster", () => {
    const [olds, news] = ["https://a", "https://b"].map((server) => ({ kubeconfig: kubeconfig(server), clusterIdentifier: "rack" }));
    expect(replaces(olds ?? {}, news ?? {})).toBe(false);
  });

  it("does not either when the program begins to say which cluster it is", () => {
    expect(replaces({ kubeconfig: kubeconfig("https://a") }, { kubeconfig: kubeconfig("https://b"), clusterIdentifier: "rack" })).toBe(false);
  });

  it("for what the program calls another cluster means that everything is made anew, whatever the kubeconfig says", () => {
    expect(replaces({ kubeconfig: kubeconfig("https://a"), clusterIdentifier: "rack" }, { kubeconfig: kubeconfig("https://a"), clusterIdentifier: "lab" })).toBe(true);
  });
});
