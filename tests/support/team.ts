import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiServer } from "./apiServer.ts";
import { cloneCheckout } from "./clonedCheckout.ts";
import type { ClonedCheckout } from "./clonedCheckout.ts";
import { recordCluster, recordedImages } from "./clusterRecord.ts";
import { findFreePorts } from "./processes.ts";
import { startRunCluster, trainJobsPath } from "./runCluster.ts";

/** A stack of one cell on the cluster `lab`. */
export const miniStack = {
  "mixcpt:family": "tiny",
  "mixcpt:protocol": "miniature",
  "mixcpt:axes": { data: ["Mono"], categories: ["Stag"] },
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
  "mixcpt:cluster": "lab",
};

function buildLabCluster(kubeconfigFile: string) {
  return {
    kind: "existing",
    kubeconfigFile,
    nodes: 2,
    devices: { gpu: "MI250X", devicesPerNode: 2, emulated: true },
    store: { kind: "path", path: "/store" },
    images: recordedImages,
  };
}

/** A team: a backend in a folder, in which the cluster `lab` is recorded, an API server, and clones of this checkout. */
export interface Team {
  readonly folder: string;
  readonly api: ApiServer;
  /** The variables that select the backend and its passphrase. */
  readonly backend: Readonly<Record<string, string>>;
  /** The variables of a proxy that does not answer. */
  readonly proxy: Readonly<Record<string, string>>;
  /** Clones this checkout, with the stack `mini` and a file for each cluster. */
  makeClone(kubeconfigFile?: string, clusters?: readonly string[]): ClonedCheckout;
  listTrainings(): Promise<string[]>;
  /** Removes the folder and the clones, and stops the API server. */
  remove(): Promise<void>;
}

async function listTrainJobs(api: ApiServer): Promise<string[]> {
  const { body } = await api.call("GET", trainJobsPath);
  return (body["items"] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
}

async function findSilentProxy(): Promise<Record<string, string>> {
  const [closedPort = 0] = await findFreePorts(1);
  const url = `http://127.0.0.1:${closedPort}`;
  return { http_proxy: url, https_proxy: url, HTTP_PROXY: url, HTTPS_PROXY: url };
}

function prepareClone(kubeconfigFile: string, clusters: readonly string[]): ClonedCheckout {
  const clone = cloneCheckout();
  clone.writeYaml("Pulumi.mini.yaml", { config: miniStack });
  const config = { "mixcpt-infra:cluster": buildLabCluster(kubeconfigFile) };
  for (const cluster of clusters) clone.writeYaml(`infra/Pulumi.${cluster}.yaml`, { config });
  return clone;
}

interface TeamOptions {
  /** Turns the kubeconfig of the API server into the one that is recorded, such as that of a proxy. */
  readonly buildKubeconfig?: (kubeconfig: string) => Promise<string>;
}

export async function createTeam({ buildKubeconfig }: TeamOptions = {}): Promise<Team> {
  const folder = mkdtempSync(join(tmpdir(), "mixcpt-team-"));
  const backend = { PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_CONFIG_PASSPHRASE: "of the team" };
  const [api, proxy] = await Promise.all([startRunCluster(), findSilentProxy()]);
  const kubeconfig = (await buildKubeconfig?.(api.kubeconfig)) ?? api.kubeconfig;
  const record = { workDir: join(folder, "work"), cluster: "lab", kubeconfig, variables: backend };
  await recordCluster(record);
  const clones: ClonedCheckout[] = [];
  return {
    folder,
    api,
    backend,
    proxy,
    makeClone: (kubeconfigFile = "/nowhere/kubeconfig", clusters = ["lab"]) => {
      const clone = prepareClone(kubeconfigFile, clusters);
      clones.push(clone);
      return clone;
    },
    listTrainings: () => listTrainJobs(api),
    remove: async () => {
      for (const clone of clones) clone.remove();
      rmSync(folder, { recursive: true, force: true });
      await api.stop();
    },
  };
}
