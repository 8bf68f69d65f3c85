/** Certificates of control planes that end soon, and what their programs then have. */
import type { LocalMachine } from "./localMachines.ts";
import { runOnLocalMachine } from "./localMachines.ts";
import { pollFor } from "./testCluster.ts";

/**
 * Lets kubeadm itself issue certificates that end soon: the machines share the kernel's clock, which cannot be moved for
 * them.
 * @param certificate as `kubeadm certs renew` names them
 */
export async function shortenCertificates(
  planes: readonly LocalMachine[],
  certificate: "all" | "admin.conf",
  period: string,
): Promise<void> {
  const script = `
    kubectl --kubeconfig /etc/kubernetes/admin.conf --namespace kube-system get configmap kubeadm-config \
      --output 'jsonpath={.data.ClusterConfiguration}' |
      sed 's/^certificateValidityPeriod:.*/certificateValidityPeriod: ${period}/' >/run/short.yaml
    grep -q '^certificateValidityPeriod: ${period}$' /run/short.yaml
    kubeadm certs renew ${certificate} --config /run/short.yaml`;
  await Promise.all(planes.map((plane) => runOnLocalMachine(plane, script)));
}

/** Returns when the credential in admin.conf ends, in milliseconds since 1970. */
export async function readCredentialEnd(plane: LocalMachine): Promise<number> {
  const printed = await runOnLocalMachine(
    plane,
    `sed -n 's/^ *client-certificate-data: //p' /etc/kubernetes/admin.conf | base64 --decode |
       openssl x509 -noout -enddate`,
  );
  return Date.parse(printed.trim().split("=")[1] ?? "");
}

/** Waits until the kube-vip of a control plane has started after its credential was written. */
export async function awaitRestartedKubeVip(plane: LocalMachine): Promise<void> {
  const script = `
    source /usr/local/sbin/mixcpt-static-pods
    ids=$(list_static_containers kube-vip)
    started=$(run_ctr containers info "$ids" | sed -n 's/^ *"CreatedAt": "\\([^"]*\\)".*/\\1/p')
    echo "$(date --date="$started" +%s) $(stat --format=%Y /etc/kubernetes/admin.conf)"`;
  await pollFor(`kube-vip of ${plane.name} has started after its credential was written`, 120, async () => {
    const printed = await runOnLocalMachine(plane, script).catch(() => "");
    const [started = NaN, written = NaN] = printed.trim().split(" ").map(Number);
    return started > written || undefined;
  });
}

/** Gives the kubelet of a control plane a certificate that has ended, as if it had been off for most of a year. */
export async function endKubeletCertificate(plane: LocalMachine): Promise<void> {
  await runOnLocalMachine(
    plane,
    `cd /var/lib/kubelet/pki
     printf 'apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nkubernetesVersion: %s\n' \
       "$(kubeadm version --output short)" >/run/kubeadm.yaml
     kubeadm kubeconfig user --client-name system:node:${plane.name} --org system:nodes --validity-period 1s \
       --config /run/kubeadm.yaml >/run/ended.conf
     for field in certificate key; do
       sed -n "s/^ *client-$field-data: //p" /run/ended.conf | base64 --decode
     done >ended.pem
     touch --date='340 days ago' ended.pem
     ln -s --force ended.pem kubelet-client-current.pem
     sleep 2
     ! openssl x509 -noout -checkend 0 -in ended.pem`,
  );
}
