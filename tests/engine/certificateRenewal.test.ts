/** The renewal of certificates on a control plane, in namespaces as a machine. Needs root. */
import { extendStub, makeControlPlane, runProgram } from "../support/controlPlaneMachine.ts";
import { printCalls, runOnMachine } from "../support/nodeMachine.ts";

describe("the renewal of certificates", () => {
  const certificates = [
    "echo 86400 apiserver >/run/remaining",
    extendStub("kubeadm", '[ "$2" = renew ] && echo 31536000 apiserver >/run/remaining || cat /run/remaining'),
  ];

  it("restarts the programs the next time if it failed to do so after it had renewed them", () => {
    const printed = runOnMachine(
      makeControlPlane,
      ...certificates,
      runProgram("mixcpt-renew-certificates"), // without manifests nothing can start again
      "rm /run/called; mkdir /etc/kubernetes/manifests; touch /etc/kubernetes/manifests/etcd.yaml",
      "echo '    - --advertise-address=10.0.0.1' >/etc/kubernetes/manifests/kube-apiserver.yaml",
      runProgram("mixcpt-renew-certificates"),
      printCalls,
      "echo and later",
      runProgram("mixcpt-renew-certificates"),
      printCalls,
    );
    const [next = "", later = ""] = printed.split("exit code 1\n")[1]?.split("and later\n") ?? [];
    expect(next).toContain(
      "kubectl --kubeconfig /etc/kubernetes/admin.conf --server https://10.0.0.1:6443 get --raw /readyz",
    );
    expect(next).not.toContain("renew all");
    expect(next).toMatch(/systemctl stop kubelet[^]*systemctl start kubelet/);
    expect(later).toContain("kubeadm certs check-expiration");
    expect(later).not.toMatch(/^ctr|^kubectl|renew all/m);
  });

  it.each([
    { name: "waits for a dead member of etcd while the certificates last", days: 15, healthy: 2, restarts: false },
    { name: "goes on without it if they end within 14 days", days: 13, healthy: 2, restarts: true },
    { name: "does not go on without most members", days: 13, healthy: 1, restarts: false },
  ])("$name", ({ days, healthy, restarts }) => {
    const health = [1, 2, 3].map(
      (id) => `https://10.0.0.${String(id)}:2379 is ${id > healthy ? "un" : ""}healthy: took 9ms`,
    );
    const printed = runOnMachine(
      makeControlPlane,
      ...certificates,
      `echo ${String(days * 86400)} apiserver >/run/remaining; touch /usr/local/bin/etcdctl; chmod 755 /usr/local/bin/etcdctl`,
      extendStub("etcdctl", `#!/bin/sh\nprintf '${health.join("\\n")}\\n' >&2; exit 1`),
      "sed -i 's/SECONDS + 300/SECONDS + 1/' /usr/local/sbin/mixcpt-static-pods",
      "mkdir /etc/kubernetes/manifests; echo '    - --advertise-address=10.0.0.1' >/etc/kubernetes/manifests/kube-apiserver.yaml",
      runProgram("mixcpt-renew-certificates"),
      printCalls,
    );
    expect(printed).toContain("every member of etcd answers: did not happen");
    expect(printed.includes("goes on without the members of etcd that do not answer")).toBe(restarts);
    expect(printed.includes("systemctl start kubelet")).toBe(restarts);
    expect(printed.includes("exit code 1")).toBe(!restarts);
  });

  it("gives a kubelet that was off until its certificate ended another one, and starts it again", () => {
    const current = "/var/lib/kubelet/pki/kubelet-client-current.pem";
    const issue =
      `[ "$1" != kubeconfig ] || for field in certificate key; do ` +
      `echo "    client-$field-data: $(echo "$field of $4" | base64)"; done`;
    const printed = runOnMachine(
      makeControlPlane,
      ...certificates,
      extendStub("kubeadm", issue),
      "mkdir -p /etc/mixcpt /var/lib/kubelet/pki; echo NODE_NAME=cp-1 >/etc/mixcpt/node",
      "echo 31536000 apiserver >/run/remaining",
      `echo ended >/var/lib/kubelet/pki/earlier.pem; ln -s earlier.pem ${current}`,
      "touch --date='300 days ago' /var/lib/kubelet/pki/earlier.pem",
      "mixcpt-renew-certificates",
      "touch --date='340 days ago' /var/lib/kubelet/pki/earlier.pem",
      runProgram("mixcpt-renew-certificates"),
      `cat ${current}; stat --dereference --format=%a ${current}; grep -E 'kubelet|kubeconfig user' /run/called; rm /run/called`,
      "mixcpt-renew-certificates",
      printCalls,
    );
    expect(printed).toMatch(
      /^renews the certificate of the kubelet, [^\n]*\ncertificate of system:node:cp-1\nkey of system:node:cp-1\n600\n/,
    );
    expect(printed).toContain("--org system:nodes --config");
    expect(printed.match(/^systemctl restart kubelet$/gm)).toHaveLength(1);
  });

  it("leaves a kubelet its certificate if kubeadm makes none", () => {
    const folder = "/var/lib/kubelet/pki";
    const printed = runOnMachine(
      makeControlPlane,
      ...certificates,
      extendStub("kubeadm", `[ "$1" != kubeconfig ] || echo "    client-certificate-data: aGFsZg=="`),
      `mkdir -p /etc/mixcpt ${folder}; echo NODE_NAME=cp-1 >/etc/mixcpt/node`,
      `echo ended >${folder}/earlier.pem; ln -s earlier.pem ${folder}/kubelet-client-current.pem`,
      `echo 31536000 apiserver >/run/remaining; touch --date='340 days ago' ${folder}/earlier.pem`,
      runProgram("mixcpt-renew-certificates"),
      `cat ${folder}/kubelet-client-current.pem; ls ${folder}; grep -c restart /run/called || true`,
    );
    expect(printed).toContain("the kubeconfig that kubeadm made has no client-key-data\nexit code 1\nended\n");
    expect(printed).toMatch(/\nearlier.pem\nkubelet-client-current.pem\n0\n$/);
  });

  it("restarts kube-vip if it still has the credential from before a renewal, whoever renewed it", () => {
    const answer = `case $* in *tasks*list*) printf 'ab12    2513    RUNNING\n';; *info*) cat /run/info;; *) echo ab12;; esac`;
    const writeStart = (when: string) =>
      `printf '    "CreatedAt": "%s",\n' "$(date --utc --date='${when}' +%Y-%m-%dT%H:%M:%S.123456789Z)" >/run/info`;
    const printed = runOnMachine(
      makeControlPlane,
      ...certificates,
      extendStub("ctr", answer),
      "mkdir /etc/kubernetes/manifests; touch /etc/kubernetes/manifests/kube-vip.yaml",
      "echo 31536000 apiserver >/run/remaining; touch --date='1 hour ago' /etc/kubernetes/admin.conf",
      writeStart("2 hours ago"),
      "mixcpt-renew-certificates",
      printCalls,
      "echo and later",
      writeStart("1 minute ago"),
      "mixcpt-renew-certificates",
      printCalls,
    );
    const [first, later] = printed.split("and later\n");
    expect(first).toContain("ctr --namespace k8s.io tasks kill --signal SIGTERM ab12\n");
    expect(first).not.toContain("systemctl");
    expect(later).not.toContain("tasks kill");
  });
});
