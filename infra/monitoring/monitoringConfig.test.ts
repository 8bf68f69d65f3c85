import { parseClusterConfig } from "../clusterConfig.ts";
import { buildMachine } from "../machines.fixture.ts";

const image = `registry.example/image@sha256:${"a".repeat(64)}`;
const store = `registry.example/store@sha256:${"b".repeat(64)}`;
const hosts = {
  kind: "hosts",
  machines: [buildMachine(1)],
  devices: { gpu: "MI250X", devicesPerNode: 8 },
  store: { kind: "path", path: "/lustre/mixcpt" },
  images: { data: image, llamaFactory: image, evaluate: image },
};

function findProblem(cluster: object): string | undefined {
  try {
    parseClusterConfig(cluster, "f");
    return undefined;
  } catch (error) {
    return String(error);
  }
}

describe("the monitoring of a cluster", () => {
  it("needs an image that has the monitor", () => {
    const problem =
      /cluster\.monitoring = .*: needs images\.store, which has the monitor; add it, or remove monitoring/;
    expect(findProblem({ ...hosts, monitoring: {} })).toMatch(problem);
    expect(findProblem({ ...hosts, monitoring: {}, images: { ...hosts.images, store: image } })).toMatch(problem);
    expect(findProblem({ ...hosts, monitoring: {}, images: { ...hosts.images, store } })).toBeUndefined();
    expect(findProblem(hosts)).toBeUndefined();
  });

  it("takes only labels that Kubernetes takes", () => {
    const label = (labels: object) =>
      findProblem({ ...hosts, images: { ...hosts.images, store }, monitoring: { prometheusOperator: { labels } } });
    expect(label({ release: "prometheus" })).toBeUndefined();
    expect(label({ "bad key!": "x" })).toContain("bad key!");
    expect(label({ release: "two words" })).toMatch(/prometheusOperator.*two words/);
  });
});
