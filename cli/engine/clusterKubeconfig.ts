import { existsSync } from "node:fs";
import { execa } from "execa";
import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { buildChildEnvironment } from "../../workspace/environment.ts";
import { listKnownPrograms } from "../../workspace/toolchain.ts";
import { hasKubeconfig, readClusterKubeconfig, writeClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { buildPulumiEnvironment, hasOtherBackend, resolveStateFile } from "./backend.ts";
import { readOriginalKubeconfig } from "./originalKubeconfig.ts";
import { prepareWorkDirectory } from "./prepareWorkDirectory.ts";
import { projectDirectories } from "./stackDeclarations.ts";

const missingOutputPattern = /no stack named|does not have output property/;

/**
 * Reads the kubeconfig among the outputs of a cluster stack; undefined if the backend has no such output.
 * @throws Error if the backend or its passphrase cannot be used
 */
async function fetchRecordedKubeconfig(cluster: string): Promise<string | undefined> {
  if (!hasOtherBackend() && !existsSync(resolveStateFile(infraProject, cluster))) return undefined;
  const workDir = prepareWorkDirectory(infraProject, { directory: projectDirectories[infraProject], stack: cluster });
  const args = ["stack", "output", "kubeconfig", "--show-secrets", "--stack", cluster, "--non-interactive"];
  const env = buildChildEnvironment(buildPulumiEnvironment({ programs: [...listKnownPrograms()] }));
  const result = await execa("pulumi", args, { cwd: workDir, env, extendEnv: false, reject: false, stdin: "ignore" });
  if (!result.failed) return result.stdout;
  if (missingOutputPattern.test(result.stderr)) return undefined;
  const missingProgram = result.code === "ENOENT" ? "pulumi is not installed; run ./mixcpt setup client" : undefined;
  const cause = missingProgram ?? (result.stderr.trim().split("\n").at(-1) || result.shortMessage);
  throw new Error(`cluster "${cluster}": its kubeconfig cannot be read from Pulumi's state (${cause})`);
}

/** In another backend any checkout may have made the cluster again, so its state is asked before the local copy. */
async function findKubeconfig(cluster: string): Promise<string | undefined> {
  const local = hasKubeconfig(cluster) ? readClusterKubeconfig(cluster) : undefined;
  if (local !== undefined && !hasOtherBackend()) return local;
  try {
    return (await fetchRecordedKubeconfig(cluster)) ?? local;
  } catch (error) {
    if (local === undefined) throw error;
    return local;
  }
}

/**
 * Updates the copy of a cluster's kubeconfig in this checkout, so that any checkout can operate a cluster that another
 * one made. Nothing happens if no `cluster up` was completed.
 * @throws Error if there is no copy yet and the state cannot be read
 */
export async function updateKubeconfig(cluster: string): Promise<void> {
  const known = await findKubeconfig(cluster);
  if (known === undefined) return;
  const newest = readOriginalKubeconfig(cluster) ?? known;
  if (!hasKubeconfig(cluster) || readClusterKubeconfig(cluster) !== newest) writeClusterKubeconfig(cluster, newest);
}
