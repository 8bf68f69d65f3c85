import { isSeq, parseDocument } from "yaml";

/** A name that the certificate of every API server of kubeadm has, whatever its address. */
const serverName = "kubernetes";

/**
 * Lets a kubeconfig lead to a port of the operator's machine, behind which a tunnel leads to the API server. The
 * server's certificate is checked as before: another program at the port gets no request.
 */
export function leadThroughTunnel(kubeconfig: string, localPort: number): string {
  const document = parseDocument(kubeconfig);
  const clusters = document.get("clusters");
  for (const index of isSeq(clusters) ? clusters.items.keys() : []) {
    document.setIn(["clusters", index, "cluster", "server"], `https://127.0.0.1:${String(localPort)}`);
    document.setIn(["clusters", index, "cluster", "tls-server-name"], serverName);
  }
  return document.toString({ lineWidth: 0 });
}
