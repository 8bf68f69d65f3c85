import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { cellIdAnnotation, stepLabel } from "../../jobs/kube/objectLabels.ts";
import type { SubmittedCheckpoints } from "../../jobs/train/index.ts";
import { readSubmittedCheckpoints } from "../../jobs/train/index.ts";
import { objectKinds } from "../kubernetes/objectKinds.ts";
import type { RunKind } from "../kubernetes/objectKinds.ts";
import { readDuringWrite } from "./readDuringWrite.ts";

/** The fields of a resource in Pulumi's state that this project reads. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string | undefined;
  /** URN and id of the resource's provider, joined by `::`. */
  readonly provider?: string | undefined;
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
  readonly outputs?: Readonly<Record<string, unknown>> | undefined;
}

/** The cluster of a recorded resource, as the state describes it. */
export interface RecordedCluster {
  /** A stack of infra/; undefined if the state does not name it. */
  readonly name: string | undefined;
  /** The kubeconfig with which the last update reached the cluster; undefined if the state does not show it. */
  readonly kubeconfig: string | undefined;
}

/** A Job, TrainJob or JobSet in the state of an experiments stack. */
export interface RecordedRun {
  readonly urn: string;
  readonly provider: string | undefined;
  readonly kind: RunKind;
  readonly name: string;
  readonly step: string;
  /** The paper's name of the cell; undefined for an object that several cells share. */
  readonly cell: string | undefined;
  readonly cluster: RecordedCluster;
  /** The checkpoints that a training writes: `up` does not change a submitted object. */
  readonly checkpoints?: SubmittedCheckpoints | undefined;
}

const secretMarker = "4dabf18193072939515e22adb298388d";

/** Unwraps a secret that `pulumi stack export --show-secrets` printed. An encrypted one has no text. */
export function readSecretText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!(value instanceof Object) || !(secretMarker in value)) return undefined;
  const { plaintext } = value as { plaintext?: unknown };
  if (typeof plaintext !== "string") return undefined;
  const text: unknown = JSON.parse(plaintext);
  return typeof text === "string" ? text : undefined;
}

function stripPrefix(text: unknown, prefix: RegExp): string | undefined {
  return typeof text === "string" && prefix.test(text) ? text.replace(prefix, "") : undefined;
}

/** The organization (only Pulumi Cloud has several) and the project before the name of a cluster stack. */
const referencePrefix = new RegExp(`^[^/]+/${infraProject}/`);
const identifierPrefix = new RegExp(`^${infraProject}/`);

/** The only cluster stack that a state refers to, for states of before providers were given a `clusterIdentifier`. */
function findReferencedCluster(resources: readonly RecordedResource[]): string | undefined {
  const names = resources
    .filter(({ type }) => type === "pulumi:pulumi:StackReference")
    .flatMap(({ inputs }) => stripPrefix(inputs?.["name"], referencePrefix) ?? []);
  return new Set(names).size === 1 ? names[0] : undefined;
}

/** The clusters of a state by the reference of the provider that reaches each. */
function mapProviders(resources: readonly RecordedResource[]): Map<string, RecordedCluster> {
  const fallback = findReferencedCluster(resources);
  return new Map(
    resources
      .filter(({ type }) => type === "pulumi:providers:kubernetes")
      .map(({ urn, id = "", inputs }) => [
        `${urn}::${id}`,
        {
          name: stripPrefix(inputs?.["clusterIdentifier"], identifierPrefix) ?? fallback,
          kubeconfig: readSecretText(inputs?.["kubeconfig"]),
        },
      ]),
  );
}

const runKinds = ["job", "trainjob", "jobset"] as const satisfies RunKind[];

interface RecordedMetadata {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

function parseRunKind(type: string): RunKind | undefined {
  if (!type.startsWith("kubernetes:")) return undefined;
  return runKinds.find((kind) => type.endsWith(`:${objectKinds[kind].kind}`));
}

/** Lists the runs in a state, each with the cluster of its own provider: after an interrupted move there are two. */
export function parseRecordedRuns(resources: readonly RecordedResource[]): RecordedRun[] {
  const clusters = mapProviders(resources);
  const unknownCluster: RecordedCluster = { name: findReferencedCluster(resources), kubeconfig: undefined };
  return resources.flatMap(({ urn, type, provider, inputs }) => {
    const kind = parseRunKind(type);
    if (kind === undefined) return [];
    const { name = "", labels, annotations }: RecordedMetadata = inputs?.["metadata"] ?? {};
    return {
      urn,
      provider,
      kind,
      name,
      step: labels?.[stepLabel] ?? "data",
      cell: annotations?.[cellIdAnnotation],
      cluster: clusters.get(provider ?? "") ?? unknownCluster,
      ...(kind === "trainjob" && { checkpoints: readSubmittedCheckpoints(inputs) }),
    };
  });
}

/** Lists the names of the cluster stacks that hold Kubernetes objects of a state. */
export function listRecordedClusters(resources: readonly RecordedResource[]): string[] {
  const clusters = mapProviders(resources);
  const names = resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .flatMap(({ provider }) => clusters.get(provider ?? "")?.name ?? []);
  return [...new Set(names)];
}

/** The clusters to which a stack has submitted anything, and the runs that the state records. */
export interface RecordedStack {
  readonly runs: readonly RecordedRun[];
  /** Names of the clusters that have a provider in the state, even if nothing was submitted to them yet. */
  readonly providerClusters: readonly string[];
}

export function parseRecordedStack(resources: readonly RecordedResource[]): RecordedStack {
  return {
    runs: parseRecordedRuns(resources),
    providerClusters: [...mapProviders(resources).values()].flatMap(({ name }) => name ?? []),
  };
}

/** What an engine had begun and not recorded as done when it was killed. */
interface PendingOperation {
  /** Such as `creating`. */
  readonly type: string;
  readonly resource: RecordedResource;
}

/** The fields of Pulumi's state that this project reads. */
export interface RecordedDeployment {
  readonly resources?: readonly RecordedResource[] | null;
  readonly pending_operations?: readonly PendingOperation[] | null;
}

/** Reads the state of a stack from its backend, with the credentials that it records. */
export async function fetchDeployment(stack: Stack): Promise<RecordedDeployment> {
  const { deployment } = (await readDuringWrite(() => stack.exportStack())) as { deployment?: RecordedDeployment };
  return deployment ?? {};
}

/** Reads the resources of a stack from its backend, with the credentials that it records. */
export async function fetchRecordedResources(stack: Stack): Promise<readonly RecordedResource[]> {
  return (await fetchDeployment(stack)).resources ?? [];
}

/** Reads the runs of a stack from its backend. */
export async function fetchRecordedStack(stack: Stack): Promise<RecordedStack> {
  return parseRecordedStack(await fetchRecordedResources(stack));
}
