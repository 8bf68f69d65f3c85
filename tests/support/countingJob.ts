/** A pod that counts, in the place of a training: it uses a device, so that an upgrade waits for it. */

/** The folder on the node in which the pod appends a line each second. */
export const countFile = "/var/lib/count/lines";

function mountFolder(name: string, hostPath: string, mountPath: string) {
  return { volume: { name, hostPath: { path: hostPath, type: "DirectoryOrCreate" } }, mount: { name, mountPath } };
}

/** A Job with one pod on a node. Its image has no shell, so that it takes that of the node. */
export function buildCountingJob(node: string, { image, seconds }: { image: string; seconds: number }) {
  const folders = [
    mountFolder("usr", "/usr", "/usr"),
    mountFolder("lib", "/usr/lib", "/lib"),
    mountFolder("lib64", "/usr/lib64", "/lib64"),
    mountFolder("count", "/var/lib/count", "/var/lib/count"),
  ];
  const script = `for ((i = 0; i < ${String(seconds)}; i++)); do echo $i >>${countFile}; sleep 1; done`;
  const container = {
    name: "count",
    image,
    imagePullPolicy: "Never",
    command: ["/usr/bin/bash", "-c", script],
    env: [{ name: "PATH", value: "/usr/bin" }],
    resources: { limits: { "amd.com/gpu": "1" } },
    volumeMounts: folders.map(({ mount }) => mount),
  };
  const spec = {
    restartPolicy: "Never",
    nodeSelector: { "kubernetes.io/hostname": node },
    containers: [container],
    volumes: folders.map(({ volume }) => volume),
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "count" },
    spec: { backoffLimit: 0, template: { spec } },
  };
}
