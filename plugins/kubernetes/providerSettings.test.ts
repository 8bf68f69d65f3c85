import { diffProviderSettings, checkProviderSettings, readProviderSettings } from "./providerSettings.ts";

function buildTestKubeconfig(server: string, token = "a") {
  return JSON.stringify({
    clusters: [{ name: "c", cluster: { server } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    users: [{ name: "u", user: { token } }],
    "current-context": "x",
  });
}

it("reports all unsupported arguments at once", () => {
  const failures = checkProviderSettings({
    kubeconfig: "",
    renderYamlToDirectory: "a",
    helmReleaseSettings: "b",
    version: "4",
  });
  expect(failures.map(({ property }) => property)).toEqual(["renderYamlToDirectory", "helmReleaseSettings"]);
});

it("reads the supported arguments", () => {
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

  it("of another server replaces every resource", () => {
    expect(
      isReplaced({ kubeconfig: buildTestKubeconfig("https://a") }, { kubeconfig: buildTestKubeconfig("https://b") }),
    ).toBe(true);
  });

  it("with other credentials for the same server replaces nothing", () => {
    expect(
      isReplaced(
        { kubeconfig: buildTestKubeconfig("https://a") },
        { kubeconfig: buildTestKubeconfig("https://a", "b") },
      ),
    ).toBe(false);
  });

  it("replaces nothing if the cluster identifier stays the same", () => {
    const [olds, news] = ["https://a", "https://b"].map((server) => ({
      kubeconfig: buildTestKubeconfig(server),
      clusterIdentifier: "rack",
    }));
    expect(isReplaced(olds ?? {}, news ?? {})).toBe(false);
  });

  it("replaces nothing if a cluster identifier is added", () => {
    expect(
      isReplaced(
        { kubeconfig: buildTestKubeconfig("https://a") },
        { kubeconfig: buildTestKubeconfig("https://b"), clusterIdentifier: "rack" },
      ),
    ).toBe(false);
  });

  it("with another cluster identifier replaces every resource, even for the same server", () => {
    expect(
      isReplaced(
        { kubeconfig: buildTestKubeconfig("https://a"), clusterIdentifier: "rack" },
        { kubeconfig: buildTestKubeconfig("https://a"), clusterIdentifier: "lab" },
      ),
    ).toBe(true);
  });
});
