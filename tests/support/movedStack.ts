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

/** A clone, with the Pulumi state of this checkout, in which a stack's file names another cluster. */
export interface MovedStack {
  /** Runs `up` of the stack. */
  readonly up: () => Promise<CommandResult>;
  readonly remove: () => void;
}

/**
 * Moves a stack in a clone. The other cluster is only a record with the kubeconfig of the platform: an `up` that is
 * refused does not ask it.
 */
export async function moveStackInClone(stack: string): Promise<MovedStack> {
  const workDir = mkdtempSync(join(tmpdir(), "mixcpt-moved-"));
  const clone = cloneCheckout();
  const variables = {
    PULUMI_BACKEND_URL: `file://${pulumiStateDirectory}`,
    PULUMI_CONFIG_PASSPHRASE: readFileSync(resolve(stateDirectory, "passphrase"), "utf8").trim(),
  };
  const file = `Pulumi.${stack}.yaml`;
  const { config } = load(readFileSync(resolve(checkoutDirectory, file), "utf8")) as { config: object };
  await recordCluster({ workDir, cluster: otherCluster, kubeconfig: readClusterKubeconfig(platformStack), variables });
  clone.writeYaml(`infra/Pulumi.${otherCluster}.yaml`, {
    config: { "mixcpt-infra:cluster": buildExistingClusterConfig("none") },
  });
  clone.writeYaml(file, { config: { ...config, "mixcpt:cluster": otherCluster } });
  return {
    up: () => clone.run(["up", stack], variables),
    remove: () => {
      clone.remove();
      deleteStackState("mixcpt-infra", otherCluster);
      rmSync(workDir, { recursive: true, force: true });
    },
  };
}
