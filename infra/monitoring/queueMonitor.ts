/** What lets Prometheus read the metrics of the Kueue that this project installs. */
import type { NamedObject } from "../../jobs/kube/manifestTypes.ts";
import { partOfLabel } from "../../jobs/kube/objectLabels.ts";

export const operatorVersion = "monitoring.coreos.com/v1";

/** The namespace, the labels of the Service and the ClusterRole are those of Kueue's manifests. */
const queueNamespace = "kueue-system";
const metricsServiceLabels = { "app.kubernetes.io/name": "kueue", "app.kubernetes.io/component": "metrics-service" };
export const metricsReaderRole = "kueue-metrics-reader";

const readerName = "mixcpt-kueue-metrics";
const rbacGroup = "rbac.authorization.k8s.io";

/**
 * Builds an account that may read metrics alone, its token, and the ServiceMonitor that uses it. Kueue answers only a
 * caller whose token the API server knows and whose account may get `/metrics`; the account of a Prometheus is unknown
 * here. The certificate of the endpoint is one that Kueue signs itself.
 */
export function buildQueueMonitor(
  labels: Readonly<Record<string, string>>,
): (NamedObject & Readonly<Record<string, unknown>>)[] {
  const metadata = { name: readerName, namespace: queueNamespace, labels: { [partOfLabel]: "mixcpt" } };
  const token = { "kubernetes.io/service-account.name": readerName };
  const endpoint = {
    port: "https",
    scheme: "https",
    authorization: { credentials: { name: readerName, key: "token" } },
    tlsConfig: { insecureSkipVerify: true },
  };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { ...metadata, annotations: token },
      type: "kubernetes.io/service-account-token",
    },
    {
      apiVersion: `${rbacGroup}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: readerName, labels: metadata.labels },
      roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: metricsReaderRole },
      subjects: [{ kind: "ServiceAccount", name: readerName, namespace: queueNamespace }],
    },
    {
      apiVersion: operatorVersion,
      kind: "ServiceMonitor",
      metadata: { ...metadata, labels },
      spec: { selector: { matchLabels: metricsServiceLabels }, endpoints: [endpoint] },
    },
  ];
}
