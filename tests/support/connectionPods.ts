/** Pods on the nodes of a cluster, each of which listens, and tells whether it reaches another one. */
import type { CommandResult } from "./mixcptCommand.ts";
import { runMixcpt } from "./mixcptCommand.ts";

/** The port at which every pod listens. */
export const podPort = 8080;

export interface ConnectionPod {
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  readonly labels: Readonly<Record<string, string>>;
}

export function buildConnectionPod({ name, namespace, node, labels }: ConnectionPod, image: string) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels },
    spec: {
      nodeName: node,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
      automountServiceAccountToken: false,
      containers: [
        {
          name: "main",
          image,
          command: ["python3", "-m", "http.server", String(podPort), "--directory", "/usr/share"],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
}

const connectProgram = `
import socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5).close()
    print("open")
except OSError as error:
    print("closed:", error)
`;

/**
 * Returns what a pod says about a connection: `open`, or `closed: ` and the reason.
 * @param host an address, or a name that the cluster's DNS knows
 */
export async function tryConnection(
  cluster: string,
  { name, namespace }: ConnectionPod,
  [host, port]: readonly [host: string, port: number],
): Promise<string> {
  const command = ["python3", "-c", connectProgram, host, String(port)];
  const { stdout, output }: CommandResult = await runMixcpt(
    ...["kubectl", "--cluster", cluster, "--namespace", namespace, "exec", name, "--", ...command],
  );
  return stdout.trim() || output.trim();
}
