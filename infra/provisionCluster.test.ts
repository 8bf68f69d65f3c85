import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { parseClusterConfig } from "./clusterConfig.ts";
import { buildExistingClusterConfig } from "./existingCluster.fixture.ts";
import { provisionCluster } from "./provisionCluster.ts";

const home = mkdtempSync(join(tmpdir(), "mixcpt-machines-"));
const kubeconfigFile = join(home, "kubeconfig");
const text = "contexts: [{ name: lab }, { name: prod }]\ncurrent-context: lab\n";

afterAll(() => rmSync(home, { recursive: true }));

function provisionKubeconfig(more: object): pulumi.Output<string> {
  writeFileSync(kubeconfigFile, text);
  const software = () => {
    throw new Error("nothing that set-up built is needed");
  };
  return provisionCluster(parseClusterConfig({ ...buildExistingClusterConfig(kubeconfigFile), ...more }, "f"), {
    stack: "lab",
    software,
  }).kubeconfig;
}

function resolveOutput<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

describe("an existing cluster", () => {
  it("hands the experiments its kubeconfig with the context that the configuration names", async () => {
    expect(parse(await resolveOutput(provisionKubeconfig({ context: "prod" })))).toMatchObject({
      "current-context": "prod",
    });
  });

  it("hands it on as it is where none is named", async () => {
    expect(await resolveOutput(provisionKubeconfig({}))).toBe(text);
  });
});
