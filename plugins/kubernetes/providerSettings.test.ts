import { diffProviderSettings, checkProviderSettings, readProviderSettings } from "./providerSettings.ts";

function buildTestKubeconfig(server: string, token = "a") {
  return JSON.stringify({
    clusters: [{ name: "c", cluster: { server } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    users: [{ name: "u", user: { token } }],
    "current-context": "x",
  });
}

it("says which arguments are not supported, all at once", () => {
  const failures = checkProviderSettings({
    kubeconfig: "",
    renderYamlToDirectory: "a",
    helmReleaseSettings: "b",
    version: "4",
  });
  expect(failures.map(({ property }) => property)).toEqual(["renderYamlToDirectory", "helmReleaseSettings"]);
});

it("reads what it supports", () => {
  expect(readProviderSettings({ kubeconfig: "/etc/config", namespace: "mixcpt" }, "5f0c")).toEqual({
    id: "5f0c",
    kubeconfig: "/etc/config",
    context: undefined,
    cluster: undefined,
    namespace: "mixcpt",
  });
});

describe("another kubeconfig", () => {
  const isReplaced = (olds: object, news: object) =>
    diffProviderSettings(olds as never, news as never).some((change) => change.replaces);

  it("of another server means that everything is made anew", () => {
    expect(
      isReplaced({ kubeconfig: buildTestKubeconfig("https://a") }, { kubeconfig: buildTestKubeconfig("https://b") }),
    ).toBe(true);
  });

  it("with other credentials for the same server does not", () => {
    expect(
      isReplaced(
        { kubeconfig: buildTestKubeconfig("https://a") },
        { kubeconfig: buildTestKubeconfig("https://a", "b") },
      ),
    ).toBe(false);
  });

  it("does not either where the program says that it is the same cluster", () => {
    const [olds, news] = ["https://a", "https://b"].map((server) => ({
      kubeconfig: buildTestKubeconfig(server),
      clusterIdentifier: "rack",
    }));
    expect(isReplaced(olds ?? {}, news ?? {})).toBe(false);
  });

  it("does not either when the program begins to say which cluster it is", () => {
    expect(
      isReplaced(
        { kubeconfig: buildTestKubeconfig("https://a") },
        { kubeconfig: buildTestKubeconfig("https://b"), clusterIdentifier: "rack" },
      ),
    ).toBe(false);
  });

  it("for what the program calls another cluster means that everything is made anew, whatever the kubeconfig says", () => {
    expect(
      isReplaced(
        { kubeconfig: buildTestKubeconfig("https://a"), clusterIdentifier: "rack" },
        { kubeconfig: buildTestKubeconfig("https://a"), clusterIdentifier: "lab" },
      ),
    ).toBe(true);
  });
});
