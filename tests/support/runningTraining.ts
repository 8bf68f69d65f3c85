import type { ApiServer } from "./apiServer.ts";

export const podsPath = "/api/v1/namespaces/mixcpt/pods";

/** What a kubelet would report of a training that has begun. */
export async function startTraining(api: ApiServer, name: string): Promise<void> {
  const labels = { "jobset.sigs.k8s.io/jobset-name": name, "jobset.sigs.k8s.io/replicatedjob-name": "node" };
  await api.call("POST", podsPath, {
    metadata: { name: `${name}-node-0-0`, labels },
    spec: {
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "node",
          image: "none",
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  });
  await api.call("PATCH", `${podsPath}/${name}-node-0-0/status`, {
    status: { phase: "Running", startTime: "2026-11-24T06:29:00Z" },
  });
}
