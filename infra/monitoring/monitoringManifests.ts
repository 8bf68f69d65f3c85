import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import type { NamedObject } from "../../jobs/kube/manifestTypes.ts";
import { kindLabel, partOfLabel } from "../../jobs/kube/objectLabels.ts";
import { formatClusterWideName } from "../../jobs/kube/platformNames.ts";
import type { PlatformNames } from "../../jobs/kube/platformNames.ts";
import { buildRestrictedPod } from "../../jobs/kube/restrictedPod.ts";
import type { PodUser } from "../../jobs/kube/podSettings.ts";
import { buildQueueMonitor, operatorVersion } from "./queueMonitor.ts";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { trainerStatusPort } from "../network/controllerPolicies.ts";
import type { MonitoringConfig } from "./monitoringConfig.ts";

/** The name of all objects of the monitor, but the dashboard and those of the whole cluster. */
export const monitorName = "monitor";
const metricsPort = 9464;
const monitorLabels = { [partOfLabel]: "mixcpt", [kindLabel]: monitorName };

export interface MonitoringInput {
  readonly names: Pick<PlatformNames, "namespace" | "store">;
  readonly image: string;
  readonly monitoring: MonitoringConfig;
  /** Ports at which the API server is reached. */
  readonly apiServerPorts?: readonly number[] | undefined;
  readonly user?: PodUser | undefined;
  /** True if this stack installs Kueue, whose metrics Prometheus then reads, too. */
  readonly installsQueue: boolean;
}

export type MonitoringManifest = NamedObject & Readonly<Record<string, unknown>>;

function readMonitoringFile(name: string): string {
  return readFileSync(resolve(checkoutDirectory, "infra/monitoring", name), "utf8");
}

const monitorVerbs = ["get", "list", "watch"];
const rbac = { group: "rbac.authorization.k8s.io", version: "rbac.authorization.k8s.io/v1" };

/** The account of the monitor may read what its metrics show: runs and pods, and the taints of nodes. */
function buildRights(namespace: string): MonitoringManifest[] {
  const metadata = { name: monitorName, namespace, labels: monitorLabels };
  const clusterWide = { name: formatClusterWideName(namespace, monitorName), labels: monitorLabels };
  const subjects = [{ kind: "ServiceAccount", name: monitorName, namespace }];
  const rules = [
    { apiGroups: [""], resources: ["pods"], verbs: monitorVerbs },
    { apiGroups: ["jobset.x-k8s.io"], resources: ["jobsets"], verbs: monitorVerbs },
    { apiGroups: ["trainer.kubeflow.org"], resources: ["trainjobs"], verbs: monitorVerbs },
  ];
  const nodeRules = [{ apiGroups: [""], resources: ["nodes"], verbs: monitorVerbs }];
  const refer = (kind: string, name: string) => ({ apiGroup: rbac.group, kind, name });
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    { apiVersion: rbac.version, kind: "Role", metadata, rules },
    { apiVersion: rbac.version, kind: "RoleBinding", metadata, roleRef: refer("Role", monitorName), subjects },
    { apiVersion: rbac.version, kind: "ClusterRole", metadata: clusterWide, rules: nodeRules },
    {
      apiVersion: rbac.version,
      kind: "ClusterRoleBinding",
      metadata: clusterWide,
      roleRef: refer("ClusterRole", clusterWide.name),
      subjects,
    },
  ];
}

function buildMonitorPod({ names, image, monitoring, user }: MonitoringInput) {
  const pod = buildRestrictedPod({
    name: monitorName,
    image,
    command: ["mixcpt-monitor"],
    env: { MIXCPT_NAMESPACE: names.namespace, MIXCPT_PORT: String(metricsPort) },
    ...(monitoring.webhookSecret !== undefined && {
      secrets: { MIXCPT_WEBHOOK_URL: { name: monitoring.webhookSecret, key: "url" } },
    }),
    resources: { cpu: "50m", memory: "256Mi" },
    store: names.store,
    writes: "nothing",
    serviceAccount: monitorName,
    avoidsDevices: true,
    ...(user && { settings: { user } }),
  });
  const containers = pod.containers.map((container) => ({
    ...container,
    ports: [{ name: "metrics", containerPort: metricsPort }],
    readinessProbe: { httpGet: { path: "/metrics", port: "metrics" }, periodSeconds: 30 },
  }));
  return { ...pod, containers, restartPolicy: "Always" as const };
}

/** The annotations are those that Prometheus installations without an operator look for. */
function buildDeployment(input: MonitoringInput): MonitoringManifest {
  const { namespace } = input.names;
  const annotations = { "prometheus.io/scrape": "true", "prometheus.io/port": String(metricsPort) };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: monitorName, namespace, labels: monitorLabels },
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      selector: { matchLabels: monitorLabels },
      template: { metadata: { labels: monitorLabels, annotations }, spec: buildMonitorPod(input) },
    },
  };
}

/** Prometheus may be anywhere; the address of a webhook is a secret, so that its host and port are unknown here. */
function buildNetworkPolicy({ names, monitoring, apiServerPorts = [443, 6443] }: MonitoringInput): MonitoringManifest {
  const ports = apiServerPorts.map((port) => ({ protocol: "TCP", port }));
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "mixcpt-monitor", namespace: names.namespace, labels: monitorLabels },
    spec: {
      podSelector: { matchLabels: monitorLabels },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ ports: [{ protocol: "TCP", port: metricsPort }] }],
      egress: [monitoring.webhookSecret === undefined ? { ports } : {}],
    },
  };
}

function buildStatusPolicy(namespace: string): MonitoringManifest {
  const trainer = { matchLabels: { "kubernetes.io/metadata.name": "kubeflow-system" } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "mixcpt-trainer-status", namespace, labels: { [partOfLabel]: "mixcpt" } },
    spec: {
      podSelector: { matchLabels: { "mixcpt.io/step": "train", "jobset.sigs.k8s.io/replicatedjob-name": "node" } },
      policyTypes: ["Egress"],
      egress: [{ to: [{ namespaceSelector: trainer }], ports: [{ protocol: "TCP", port: trainerStatusPort }] }],
    },
  };
}

/** The label is the one by which Grafana's sidecar finds dashboards. */
function buildDashboard(namespace: string): MonitoringManifest {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "mixcpt-dashboard", namespace, labels: { [partOfLabel]: "mixcpt", grafana_dashboard: "1" } },
    data: { "mixcpt.json": readMonitoringFile("dashboard.json") },
  };
}

/** Builds what Prometheus Operator reads: with its labels if Prometheus selects objects by labels. */
function buildOperatorObjects({ names, monitoring, installsQueue }: MonitoringInput): MonitoringManifest[] {
  const { prometheusOperator = false } = monitoring;
  if (prometheusOperator === false) return [];
  const further = prometheusOperator === true ? {} : prometheusOperator.labels;
  const labels = { ...further, [partOfLabel]: "mixcpt" };
  const metadata = { name: "mixcpt", namespace: names.namespace, labels };
  const podMetricsEndpoints = [{ port: "metrics" }];
  return [
    ...(installsQueue ? buildQueueMonitor(labels) : []),
    {
      apiVersion: operatorVersion,
      kind: "PodMonitor",
      metadata,
      spec: { selector: { matchLabels: monitorLabels }, podMetricsEndpoints },
    },
    {
      apiVersion: operatorVersion,
      kind: "PrometheusRule",
      metadata,
      spec: parse(readMonitoringFile("alerts.yaml")) as object,
    },
  ];
}

/** Builds the monitor with its rights, the dashboard and, for Prometheus Operator, the alerts. */
export function buildMonitoringManifests(input: MonitoringInput): MonitoringManifest[] {
  const { namespace } = input.names;
  return [
    ...buildRights(namespace),
    buildNetworkPolicy(input),
    buildStatusPolicy(namespace),
    buildDashboard(namespace),
    ...buildOperatorObjects(input),
    buildDeployment(input),
  ];
}
