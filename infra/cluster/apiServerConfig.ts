import { stringify } from "yaml";

/** Files that the API server reads; init-control-plane.sh writes them, so that the key is on no other machine. */
const settingsFolder = "/etc/kubernetes/apiserver";
const auditFolder = "/var/log/kubernetes/audit";

/** At most 1 GB of log: ten files of 100 MB, of the last 30 days. A slow disk delays the log and no request. */
const auditFlags = {
  "audit-policy-file": `${settingsFolder}/audit-policy.yaml`,
  "audit-log-path": `${auditFolder}/audit.log`,
  "audit-log-mode": "batch",
  "audit-log-maxsize": "100",
  "audit-log-maxbackup": "9",
  "audit-log-maxage": "30",
};

/** The flags of the API server beside those that kubeadm sets. */
const apiServerFlags = { "encryption-provider-config": `${settingsFolder}/encryption.yaml`, ...auditFlags };

/** The part of kubeadm's ClusterConfiguration for Secrets that are encrypted in etcd, and for the audit log. */
export const apiServerConfig = {
  extraArgs: Object.entries(apiServerFlags).map(([name, value]) => ({ name, value })),
  extraVolumes: [
    {
      name: "mixcpt-settings",
      hostPath: settingsFolder,
      mountPath: settingsFolder,
      readOnly: true,
      pathType: "Directory",
    },
    { name: "mixcpt-audit", hostPath: auditFolder, mountPath: auditFolder, pathType: "DirectoryOrCreate" },
  ],
};

const components = ["system:kube-controller-manager", "system:kube-scheduler", "system:kube-proxy", "system:apiserver"];

/**
 * The audit policy: who did what to which object, and never a body, so that the log contains no Secret and no token.
 * The reading by which the cluster's own components follow objects is left out, as are their leases and health checks.
 */
const auditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    { level: "None", nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version", "/api*", "/openapi*"] },
    { level: "None", resources: [{ group: "coordination.k8s.io", resources: ["leases"] }] },
    { level: "None", resources: [{ group: "", resources: ["events"] }] },
    { level: "None", users: components, verbs: ["get", "list", "watch"] },
    { level: "None", userGroups: ["system:nodes"], verbs: ["get", "list", "watch"] },
    { level: "Metadata" },
  ],
};

export const auditPolicyText = stringify(auditPolicy);
