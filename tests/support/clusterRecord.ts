import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { secret } from "@pulumi/pulumi";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { readClusterCode } from "../../infra/clusterCode.ts";
import type { ComputingCodes } from "../../jobs/kube/computingCode.ts";
import { emulatedCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { findProgram } from "./toolchainPrograms.ts";

const image = `image@sha256:${"a".repeat(64)}`;

/** The images of a recorded cluster; its stack file must name the same ones. */
export const recordedImages = { data: image, llamaFactory: image, evaluate: image, store: image };

interface ClusterRecord {
  /** An empty or reused folder for Pulumi's own files. */
  readonly workDir: string;
  readonly cluster: string;
  readonly kubeconfig: string;
  /** The variables that select the backend and its passphrase. */
  readonly variables: Record<string, string>;
  /** By default the code of this checkout. */
  readonly code?: ComputingCodes;
}

async function openCluster(
  { workDir, cluster, variables }: Omit<ClusterRecord, "kubeconfig" | "code">,
  program: PulumiFn,
) {
  mkdirSync(workDir, { recursive: true });
  writeFileSync(join(workDir, "Pulumi.yaml"), "name: mixcpt-infra\nruntime: nodejs\n");
  const root = dirname(dirname(findProgram("pulumi")));
  const pulumiCommand = await PulumiCommand.get({ root, skipVersionCheck: true });
  return LocalWorkspace.createOrSelectStack(
    { stackName: cluster, projectName: "mixcpt-infra", program },
    { workDir, pulumiCommand, envVars: { PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_HOME: workDir, ...variables } },
  );
}

/** Records the outputs of a cluster stack in a backend, as `cluster up` would. */
export async function recordCluster({ kubeconfig, code = readClusterCode(), ...record }: ClusterRecord): Promise<void> {
  const facts = { ...emulatedCluster, images: recordedImages, code };
  const program = () => Promise.resolve({ ...facts, kubeconfig: secret(kubeconfig) });
  await (await openCluster(record, program)).up();
}

/** Records a cluster stack without outputs, as a `cluster up` that was killed while it installed the platform. */
export async function recordUnfinishedCluster({ kubeconfig, ...record }: ClusterRecord): Promise<void> {
  const stack = await openCluster(record, () => Promise.resolve({}));
  const { version, deployment } = await stack.exportStack();
  const type = "pulumi:providers:kubernetes";
  const urn = `urn:pulumi:${record.cluster}::mixcpt-infra::${type}::cluster`;
  const provider = { urn, type, custom: true, id: "1", inputs: { kubeconfig } };
  await stack.importStack({ version, deployment: { ...(deployment as object), resources: [provider] } });
}
