/**
 * The Pulumi program of an experiments stack against a recording engine. These tests check the registered inputs; the
 * tests in tests/engine check parents and order with a real engine.
 */
import * as pulumi from "@pulumi/pulumi";
import { emulatedCluster } from "../jobs/kube/clusterOutputs.fixture.ts";

interface RegisteredResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const config = {
  "mixcpt:family": "tiny",
  "mixcpt:protocol": "miniature",
  "mixcpt:axes": JSON.stringify({ data: ["Mono", "Bi+Code"], categories: ["Stag"] }),
  "mixcpt:hardware": JSON.stringify({ gpu: "MI250X", devicesPerNode: 2 }),
  "mixcpt:cluster": "lab",
};

async function runProgram(values: Record<string, string>, outputs: object, { organization = "organization" } = {}) {
  const registered: RegisteredResource[] = [];
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs: inputs as Record<string, unknown> });
        const reference = type === "pulumi:pulumi:StackReference";
        return { id: name, state: reference ? { name, outputs } : (inputs as Record<string, unknown>) };
      },
    },
    "mixcpt",
    "dev",
    false,
    organization,
  );
  pulumi.runtime.setAllConfig(values);
  const { runExperimentProgram } = await import("./experimentProgram.ts");
  const result = await runExperimentProgram();
  await pulumi.runtime.disconnect();
  return { registered, result };
}

const cluster = { ...emulatedCluster, kubeconfig: "apiVersion: v1" };

describe("the program of an experiments stack", () => {
  it("registers a component per cell, the runs that cells share and the evaluation of the base model", async () => {
    const { registered } = await runProgram(config, cluster);
    const countType = (type: string) => registered.filter((resource) => resource.type === type).length;
    expect(countType("mixcpt:experiment:Cell")).toBe(2);
    expect(countType("kubernetes:batch/v1:Job")).toBe(2 + 2);
    expect(countType("kubernetes:trainer.kubeflow.org/v1alpha1:TrainJob")).toBe(2);
    expect(countType("kubernetes:jobset.x-k8s.io/v1alpha2:JobSet")).toBe(2 + 1);
  });

  it("registers each manifest under the name of its object", async () => {
    const { registered } = await runProgram(config, cluster);
    const objects = registered.filter(({ inputs }) => inputs["kind"] !== undefined);
    expect(objects.map(({ inputs }) => (inputs["metadata"] as { name: string }).name)).toEqual(
      objects.map(({ name }) => name),
    );
  });

  it("connects to the cluster that the configuration names", async () => {
    const { registered } = await runProgram(config, cluster);
    expect(registered.find(({ type }) => type === "pulumi:pulumi:StackReference")?.inputs).toMatchObject({
      name: "organization/mixcpt-infra/lab",
    });
    const provider = registered.find(({ type }) => type === "pulumi:providers:kubernetes");
    expect(provider?.inputs).toMatchObject({ kubeconfig: "apiVersion: v1" });
  });

  it("refers to the cluster in its own organization, as Pulumi Cloud requires", async () => {
    const { registered } = await runProgram(config, cluster, { organization: "team" });
    expect(registered.find(({ type }) => type === "pulumi:pulumi:StackReference")?.inputs).toMatchObject({
      name: "team/mixcpt-infra/lab",
    });
  });

  it("identifies the cluster by its stack, so that a changed kubeconfig replaces no run", async () => {
    const registerProvider = async (kubeconfig: string) =>
      (await runProgram(config, { ...cluster, kubeconfig })).registered.find(
        ({ type }) => type === "pulumi:providers:kubernetes",
      )?.inputs;
    expect(await registerProvider("server: https://10.0.0.1")).toMatchObject({ clusterIdentifier: "mixcpt-infra/lab" });
    expect(await registerProvider("server: https://10.0.0.2")).toMatchObject({ clusterIdentifier: "mixcpt-infra/lab" });
  });

  it("outputs the cells with the names of their runs", async () => {
    const { result } = await runProgram(config, cluster);
    expect(result.cells).toMatchObject([
      {
        id: "Tiny-Bi+Code-Stag",
        slug: "tiny-bi-code-stag",
        run: expect.stringMatching(/^tiny-bi-code-stag-[0-9a-f]{8}$/),
      },
      { id: "Tiny-Mono-Stag", names: { scores: expect.stringMatching(/^scores-tiny-mono-stag-/) } },
    ]);
  });

  it("outputs the evaluated checkpoints with the ConfigMaps of their scores, the cell's score last", async () => {
    const checkpoints = { "mixcpt:checkpoints": JSON.stringify({ evaluate: [20, 60] }) };
    const { result } = await runProgram({ ...config, ...checkpoints }, cluster);
    const [{ run = "", evaluated } = {}] = result.cells;
    expect(evaluated).toEqual([
      { checkpoint: `/store/runs/${run}/checkpoint-20`, scores: `scores-${run}-at-20` },
      { checkpoint: `/store/runs/${run}/checkpoint-60`, scores: `scores-${run}` },
    ]);
  });

  it("outputs the names of the registered objects, so that watch finds them", async () => {
    const { registered, result } = await runProgram(config, cluster);
    const names = registered.map(({ name }) => name);
    const outputNames = [
      ...result.shared,
      ...result.cells.flatMap(({ names: { data, train, evaluate } }) => [data, train, evaluate]),
    ];
    expect(outputNames).toHaveLength(2 + 2 * 3);
    expect(names).toEqual(expect.arrayContaining(outputNames));
  });

  it("submits a JobSet per mixture and no cells for a corpora stack", async () => {
    const repositories = ["LumiOpen/Viking-7B", "cis-lmu/glotlid", "allenai/MADLAD-400"];
    const revisions = JSON.stringify(
      Object.fromEntries(repositories.map((repository) => [repository, "5".repeat(40)])),
    );
    const corpora = {
      "mixcpt:kind": "corpora",
      "mixcpt:cluster": "lab",
      "mixcpt:axes": JSON.stringify({ data: ["Mono"], categories: ["Alt", "Stag"] }),
      "mixcpt:revisions": revisions,
    };
    const { registered, result } = await runProgram(corpora, cluster);
    expect(result.cells).toEqual([]);
    expect(result.shared).toEqual(
      registered.filter(({ inputs }) => inputs["kind"] !== undefined).map(({ name }) => name),
    );
    expect(registered.filter(({ type }) => type.endsWith(":JobSet")).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^data-mono-alt-/),
      expect.stringMatching(/^data-mono-stag-/),
    ]);
  });

  it("reports all problems of the configuration without a stack trace", async () => {
    const broken = runProgram(
      { ...config, "mixcpt:family": "tinny", "mixcpt:axes": "{data", "mixcpt:gpu": "MI250X" },
      cluster,
    );
    await expect(broken).rejects.toMatchObject({
      constructor: pulumi.RunError,
      message: expect.stringMatching(
        /^Pulumi\.dev\.yaml cannot be used:\n.*family = "tinny".*\n.*axes = "\{data": must be a map\n.*gpu = "MI250X"/,
      ),
    });
  });

  it("is refused by a cluster whose platform is older than the objects that runs need, with the fix", async () => {
    const { platformVersion, ...older } = cluster;
    const refusal =
      /^Stack mixcpt-infra\/lab: .*outdated outputs: platformVersion\); run \.\/mixcpt cluster up lab first/;
    await expect(runProgram(config, older)).rejects.toThrow(refusal);
    await expect(runProgram(config, { ...cluster, platformVersion: platformVersion - 1 })).rejects.toThrow(refusal);
    expect((await runProgram(config, { ...cluster, platformVersion: platformVersion + 1 })).result.cells).toHaveLength(
      2,
    );
  });

  it("suggests a fix if the cluster was never brought up", async () => {
    await expect(runProgram(config, {})).rejects.toThrow(
      /^Stack mixcpt-infra\/lab: was not brought up by this version .*run \.\/mixcpt cluster up lab first/,
    );
  });
});
