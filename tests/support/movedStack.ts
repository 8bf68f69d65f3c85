import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { load } from "js-yaml";
import { pulumiStateDirectory } from "../../cli/engine/backend.ts";
import { deleteStackState } from "../../cli/engine/stackState.ts";
import { readClusterKubeconfig } from "../../cli/kubernetes/kubeconfigFile.ts";
import { buildExistingClusterConfig } from "../../infra/existingCluster.fixture.ts";
import { checkoutDirectory, stateDirectory } from "../../workspace/environment.ts";
import { cloneCheckout } from "./clonedCheckout.ts";
import { recordCluster } from "./clusterRecord.ts";
import type { CommandResult } from "./mixcptCommand.ts";
import { platformStack } from "./testCluster.ts";

const otherCluster = "test-elsewhere";

/**
 * Runs `up` of a stack of this checkout, whose state a clone shares, in which the stack's file names another cluster.
 * That cluster is only a record with the kubeconfig of the platform: a refused `up` does not ask it.
 */
export async function moveStackInClone(stack: string): Promise<CommandResult> {
  const workDir = mkdtempSync(join(tmpdir(), "mixcpt-moved-"));
  const clone = cloneCheckout();
  const variables = {
    PULUMI_BACKEND_URL: `file://${pulumiStateDirectory}`,
    PULUMI_CONFIG_PASSPHRASE: readFileSync(resolve(stateDirectory, "passphrase"), "utf8").trim(),
  };
  const file = `Pulumi.${stack}.yaml`;
  const { config } = load(readFileSync(resolve(checkoutDirectory, file), "utf8")) as { config: object };
  try {
    const kubeconfig = readClusterKubeconfig(platformStack);
    await recordCluster({ workDir, cluster: otherCluster, kubeconfig, variables });
    clone.writeYaml(`infra/Pulumi.${otherCluster}.yaml`, {
      config: { "mixcpt-infra:cluster": buildExistingClusterConfig("none") },
    });
    clone.writeYaml(file, { config: { ...config, "mixcpt:cluster": otherCluster } });
    return await clone.run(["up", stack], variables);
  } finally {
    clone.remove();
    deleteStackState("mixcpt-infra", otherCluster);
    rmSync(workDir, { recursive: true, force: true });
  }
}
