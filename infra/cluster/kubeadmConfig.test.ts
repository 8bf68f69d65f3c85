import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { load, loadAll } from "js-yaml";
import type { HostKind } from "./kubeadmConfig.ts";
import { patientTimeouts, renderKubeadmConfig, toleratedPreflightErrors } from "./kubeadmConfig.ts";

const input = {
  nodeName: "gpu-1",
  address: "10.0.0.5",
  kubernetesVersion: "v1.36.3",
  etcdVersion: "3.6.16",
  corednsVersion: "v1.12.4",
  podNetwork: { kind: "cilium", pods: "100.64.0.0/18", services: "172.20.0.0/20" },
} as const;

const scripts = "infra/cluster/scripts";

function parseDocuments(hostKind: HostKind = "hosts") {
  return loadAll(renderKubeadmConfig({ ...input, hostKind })) as Record<string, unknown>[];
}

/** Lets a script print the configuration with which a host joins. */
function parseJoinConfiguration(script: string) {
  const functionText = /^print_join_configuration\(\) \{.*?^\}/ms.exec(
    readFileSync(`${scripts}/${script}`, "utf8"),
  )?.[0];
  const JOIN = "kubeadm join 10.0.0.5:6443 --token abc --discovery-token-ca-cert-hash sha256:0";
  const PATH = "/usr/bin:/bin";
  const env = {
    PATH,
    JOIN,
    NODE_NAME: "gpu-2",
    ADDRESS: "10.0.0.6",
    PROBES: "",
    TIMEOUTS: JSON.stringify(patientTimeouts),
  };
  const call = `set -eu; ${functionText ?? "false"}; print_join_configuration`;
  return load(execFileSync("bash", ["-c", call], { env, encoding: "utf8" }));
}

describe("the configuration of kubeadm", () => {
  it("has one document each for the first node, the cluster and the kubelets", () => {
    expect(parseDocuments().map(({ kind }) => kind)).toEqual([
      "InitConfiguration",
      "ClusterConfiguration",
      "KubeletConfiguration",
    ]);
  });

  it("lets the token that kubeadm makes with the first node end at once", () => {
    expect(parseDocuments()[0]?.["bootstrapTokens"]).toEqual([{ ttl: "1s" }]);
  });

  it("never pulls images, because they are sent to the nodes first", () => {
    expect(parseDocuments()[0]?.["nodeRegistration"]).toMatchObject({ imagePullPolicy: "Never", name: "gpu-1" });
  });

  it("lets the API server encrypt Secrets and log access, with files that it can only read", () => {
    for (const kind of ["hosts", "local"] as const) {
      const { extraArgs, extraVolumes } = parseDocuments(kind)[1]?.["apiServer"] as Record<string, object[]>;
      expect(extraArgs?.map((flag) => Object.values(flag)[0] as unknown)).toEqual(
        expect.arrayContaining(["encryption-provider-config", "audit-policy-file", "audit-log-maxbackup"]),
      );
      expect(extraVolumes).toContainEqual(
        expect.objectContaining({ mountPath: "/etc/kubernetes/apiserver", readOnly: true }),
      );
    }
  });

  it("keeps memory, disk and inodes of a rack's machines free, and its kubelets alive when memory is short", () => {
    const [kubelet] = parseDocuments().slice(2);
    expect(kubelet).toMatchObject({ evictionHard: { "nodefs.available": "5Gi", "nodefs.inodesFree": "5%" } });
    expect(kubelet).toMatchObject({ systemReserved: { memory: "1Gi" } });
    expect(kubelet).not.toHaveProperty("oomScoreAdj"); // -999 is the default
    expect(toleratedPreflightErrors.hosts).toBe("");
  });

  it("lets local hosts use all but one percent of a disk that other programs fill", () => {
    expect(parseDocuments("local")[2]).toMatchObject({ evictionHard: { "nodefs.available": "1%" } });
  });

  it("makes the control plane of local hosts wait for a busy machine", () => {
    const [init, cluster] = parseDocuments("local");
    expect(init).toHaveProperty("patches");
    expect(init).toMatchObject({ timeouts: { kubernetesAPICall: "5m0s" } });
    expect(cluster).toMatchObject({ scheduler: { extraArgs: [{ name: "leader-elect", value: "false" }] } });
    expect(parseDocuments("hosts")[0]).not.toHaveProperty("patches");
    expect(parseDocuments("hosts")[1]).not.toHaveProperty("scheduler");
  });

  it.each(["local", "hosts"] as const)("leaves the swap of %s as it is, and gives pods none", (hostKind) => {
    const [kubelet] = parseDocuments(hostKind).slice(2);
    expect(kubelet).toHaveProperty("failSwapOn", false);
    expect(kubelet).not.toHaveProperty("memorySwap"); // NoSwap is the default
  });

  it("has the ranges of the cluster's file", () => {
    expect(parseDocuments()[1]).toMatchObject({
      networking: { podSubnet: "100.64.0.0/18", serviceSubnet: "172.20.0.0/20" },
    });
  });

  it("names the endpoint if there is one, and else none", () => {
    expect(parseDocuments()[1]).not.toHaveProperty("controlPlaneEndpoint");
    const endpoint = { address: "10.0.0.100", port: 6443 };
    const [, cluster] = loadAll(renderKubeadmConfig({ ...input, hostKind: "hosts", endpoint }));
    expect(cluster).toHaveProperty("controlPlaneEndpoint", "10.0.0.100:6443");
  });

  it.each(["join-node.sh", "join-control-plane.sh"])("is as patient with a host that joins by %s", (script) => {
    expect(parseJoinConfiguration(script)).toMatchObject({
      kind: "JoinConfiguration",
      nodeRegistration: { name: "gpu-2" },
      timeouts: parseDocuments()[0]?.["timeouts"],
    });
  });
});
