import { buildProviderRecord, buildRunRecord, recordedKubeconfig } from "./recordedRuns.fixture.ts";
import { listRecordedClusters, parseRecordedRuns, parseRecordedStack } from "./recordedRuns.ts";

const onLab = buildProviderRecord("lab");
const onSite = buildProviderRecord("site");

describe("the runs in a state", () => {
  it("have kind, name, step, cell and the cluster of their provider", () => {
    expect(parseRecordedRuns([onLab, buildRunRecord("TrainJob", "t1", { on: onLab, cell: "Tiny-Mono-Alt" })])).toEqual([
      {
        urn: "urn:pulumi:mini::mixcpt::kubernetes:trainer.kubeflow.org/v1alpha1:TrainJob::t1",
        provider: `${onLab.urn}::lab-id`,
        kind: "trainjob",
        name: "t1",
        step: "train",
        cell: "Tiny-Mono-Alt",
        cluster: { name: "lab", kubeconfig: recordedKubeconfig },
      },
    ]);
  });

  it("do not include providers, components, and objects that run nothing", () => {
    const configMap = { urn: "urn:…::kubernetes:core/v1:ConfigMap::c", type: "kubernetes:core/v1:ConfigMap" };
    const component = { urn: "urn:…::mixcpt:experiment:Cell::a", type: "mixcpt:experiment:Cell" };
    expect(parseRecordedRuns([onLab, configMap, component])).toEqual([]);
  });

  it("may be on two clusters after a move that was interrupted", () => {
    const resources = [
      onLab,
      onSite,
      buildRunRecord("TrainJob", "t1", { on: onLab }),
      buildRunRecord("TrainJob", "t1", { on: onSite }),
    ];
    expect(parseRecordedRuns(resources).map(({ cluster }) => cluster.name)).toEqual(["lab", "site"]);
    expect(listRecordedClusters(resources)).toEqual(["lab", "site"]);
  });

  it("are on the cluster that the state refers to if their provider does not name one", () => {
    const unnamed = { ...onLab, inputs: { kubeconfig: recordedKubeconfig } };
    const buildReference = (name: string) => ({
      urn: `urn:pulumi:mini::mixcpt::pulumi:pulumi:StackReference::${name}`,
      type: "pulumi:pulumi:StackReference",
      inputs: { name },
    });
    const run = buildRunRecord("JobSet", "e1", { on: unnamed });
    for (const organization of ["organization", "team"]) {
      const reference = buildReference(`${organization}/mixcpt-infra/old`);
      expect(parseRecordedRuns([unnamed, reference, run])[0]?.cluster.name).toBe("old");
    }
    expect(parseRecordedRuns([unnamed, run])[0]?.cluster).toEqual({ name: undefined, kubeconfig: recordedKubeconfig });
  });

  it("have no kubeconfig if the state shows only its encrypted form", () => {
    const encrypted = {
      ...onLab,
      inputs: { ...onLab.inputs, kubeconfig: { "4dabf18193072939515e22adb298388d": "1b47", ciphertext: "v1:…" } },
    };
    const [run] = parseRecordedRuns([encrypted, buildRunRecord("Job", "data-1", { on: encrypted })]);
    expect(run?.cluster).toEqual({ name: "lab", kubeconfig: undefined });
  });
});

it("a state that has reached a cluster without submitting anything names it among its providers", () => {
  expect(parseRecordedStack([onLab])).toEqual({ runs: [], providerClusters: ["lab"] });
  expect(listRecordedClusters([onLab])).toEqual([]);
});
