/** The Pulumi program of a cluster stack against a recording engine. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { buildExistingClusterConfig } from "./existingCluster.fixture.ts";

const home = mkdtempSync(join(tmpdir(), "mixcpt-infra-program-"));
const kubeconfigFile = join(home, "kubeconfig");

afterAll(() => rmSync(home, { recursive: true }));

const cluster = { ...buildExistingClusterConfig(kubeconfigFile), controllers: "installed" };

async function registerProviders(stack: string, kubeconfig: string) {
  writeFileSync(kubeconfigFile, kubeconfig);
  const providers: unknown[] = [];
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        if (type === "pulumi:providers:kubernetes") providers.push(inputs);
        return { id: name, state: inputs as Record<string, unknown> };
      },
    },
    "mixcpt-infra",
    stack,
  );
  pulumi.runtime.setAllConfig({ "mixcpt-infra:cluster": JSON.stringify(cluster) });
  const { runClusterProgram } = await import("./clusterProgram.ts");
  runClusterProgram();
  await pulumi.runtime.disconnect();
  return providers;
}

it("identifies a cluster by its stack, so that a changed kubeconfig replaces nothing", async () => {
  expect(await registerProviders("rack", "server: https://10.0.0.1")).toEqual([
    expect.objectContaining({ clusterIdentifier: "mixcpt-infra/rack" }),
  ]);
  expect(await registerProviders("rack", "server: https://10.0.0.2")).toEqual([
    expect.objectContaining({ clusterIdentifier: "mixcpt-infra/rack" }),
  ]);
});
