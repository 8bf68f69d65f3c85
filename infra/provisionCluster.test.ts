import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { load } from "js-yaml";
import type { NodeSoftware } from "../workspace/toolchain.ts";
import { parseClusterConfig } from "./clusterConfig.ts";
import { buildExistingClusterConfig } from "./existingCluster.fixture.ts";
import { buildMachine } from "./machines.fixture.ts";
import { provisionCluster } from "./provisionCluster.ts";

const home = mkdtempSync(join(tmpdir(), "mixcpt-machines-"));
const kubeconfigFile = join(home, "kubeconfig");
const kubeconfig = "contexts: [{ name: lab }, { name: prod }]\ncurrent-context: lab\n";

afterAll(() => rmSync(home, { recursive: true }));

function provisionKubeconfig(overrides: object, text = kubeconfig): pulumi.Output<string> {
  writeFileSync(kubeconfigFile, text);
  const config = parseClusterConfig({ ...buildExistingClusterConfig(kubeconfigFile), ...overrides }, "f");
  const readNodeSoftware = () => {
    throw new Error("the toolchain must not be read");
  };
  return provisionCluster(config, { stack: "lab", readNodeSoftware }).kubeconfig;
}

it("refuses a private key with a passphrase before the first connection", () => {
  const file = join(home, "protected");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "secret", "-f", file]);
  const { devices, store, images } = buildExistingClusterConfig(kubeconfigFile);
  const config = parseClusterConfig(
    { devices, store, images, kind: "hosts", machines: [buildMachine(1)], privateKeyFile: file },
    "f",
  );
  const readNodeSoftware = () => ({}) as NodeSoftware;
  expect(() => provisionCluster(config, { stack: "lab", readNodeSoftware })).toThrow(
    `mixcpt-infra:cluster.privateKeyFile: ${file} is protected by a passphrase, which nothing could enter; remove`,
  );
});

function resolveOutput<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

describe("an existing cluster", () => {
  it("passes its kubeconfig on with the configured context as the current one", async () => {
    expect(load(await resolveOutput(provisionKubeconfig({ context: "prod" })))).toMatchObject({
      "current-context": "prod",
    });
  });

  it("passes its kubeconfig on unchanged if no context is configured", async () => {
    expect(await resolveOutput(provisionKubeconfig({}))).toBe(kubeconfig);
  });

  it("passes its kubeconfig on with paths that are valid in every folder", async () => {
    const text = `${kubeconfig}clusters: [{ name: lab, cluster: { certificate-authority: ca.crt } }]\n`;
    for (const overrides of [{}, { context: "prod" }])
      expect(load(await resolveOutput(provisionKubeconfig(overrides, text)))).toMatchObject({
        clusters: [{ name: "lab", cluster: { "certificate-authority": join(home, "ca.crt") } }],
      });
  });
});
