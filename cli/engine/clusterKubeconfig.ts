import { existsSync } from "node:fs";
import { execa } from "execa";
import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { buildChildEnvironment } from "../../workspace/environment.ts";
import { listKnownPrograms } from "../../workspace/toolchain.ts";
import { keepTunnel, routeKubeconfig } from "../cluster/bastionTunnel.ts";
import { hasKubeconfig, readClusterKubeconfig, writeClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { getLastLine } from "../terminal/getLastLine.ts";
import { buildPulumiEnvironment, hasOtherBackend, resolveStateFile } from "./backend.ts";
import { readOriginalKubeconfig } from "./originalKubeconfig.ts";
import { prepareWorkDirectory } from "./prepareWorkDirectory.ts";
import { projectDirectories } from "./stackDeclarations.ts";

const missingOutputPattern = /no stack named|does not have output property/;

/** A backend that is silent for this long, such as a bucket behind a VPN, counts as unreachable. */
const backendTimeoutMs = 20_000;

interface PulumiFailure {
  readonly code?: string | undefined;
  readonly timedOut: boolean;
  readonly stderr: string;
  readonly shortMessage?: string | undefined;
}

function explainPulumiFailure({ code, timedOut, stderr, shortMessage }: PulumiFailure): string {
  if (code === "ENOENT") return "pulumi is not installed; run ./mixcpt setup client";
  if (timedOut) return `the backend did not answer within ${backendTimeoutMs / 1000} s`;
  return getLastLine(stderr) || (shortMessage ?? "no reason given");
}

/**
 * Reads the kubeconfig among the outputs of a cluster stack; undefined if the backend has no such output.
 * @throws Error if the backend or its passphrase cannot be used
 */
async function fetchRecordedKubeconfig(cluster: string): Promise<string | undefined> {
  if (!hasOtherBackend() && !existsSync(resolveStateFile(infraProject, cluster))) return undefined;
  const workDir = prepareWorkDirectory(infraProject, { directory: projectDirectories[infraProject], stack: cluster });
  const args = ["stack", "output", "kubeconfig", "--show-secrets", "--stack", cluster, "--non-interactive"];
  const env = buildChildEnvironment(buildPulumiEnvironment({ programs: [...listKnownPrograms()] }));
  const options = {
    cwd: workDir,
    env,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: backendTimeoutMs,
  } as const;
  const result = await execa("pulumi", args, options);
  if (!result.failed) return result.stdout;
  if (missingOutputPattern.test(result.stderr)) return undefined;
  throw new Error(
    `cluster "${cluster}": its kubeconfig cannot be read from Pulumi's state (${explainPulumiFailure(result)})`,
  );
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

async function copyNewestKubeconfig(cluster: string): Promise<void> {
  const known = await findKubeconfig(cluster);
  if (known === undefined) return;
  const newest = readOriginalKubeconfig(cluster) ?? routeKubeconfig(cluster, known);
  if (!hasKubeconfig(cluster) || readClusterKubeconfig(cluster) !== newest) writeClusterKubeconfig(cluster, newest);
  await keepTunnel(cluster);
}

const updates = new Map<string, Promise<void>>();

/**
 * Updates the copy of a cluster's kubeconfig in this checkout, so that any checkout can operate a cluster that another
 * one made, and opens a tunnel to it if it needs one. Nothing happens if no `cluster up` was completed. A command asks
 * the backend once, however many of its stacks are on the cluster.
 * @throws Error if there is no copy yet and the state cannot be read
 */
export function updateKubeconfig(cluster: string): Promise<void> {
  const update = updates.get(cluster) ?? copyNewestKubeconfig(cluster);
  updates.set(cluster, update);
  return update;
}
