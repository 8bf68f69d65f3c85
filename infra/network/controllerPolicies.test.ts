import { buildControllerPolicies } from "./controllerPolicies.ts";

type ControllerPolicyInput = Parameters<typeof buildControllerPolicies>[0];

const ownCluster: ControllerPolicyInput = {
  namespaces: ["kueue-system", "jobset-system", "kubeflow-system", "amd-gpu"],
  podNetwork: "cilium",
  hasMonitoring: false,
};
const foreignCluster: ControllerPolicyInput = { ...ownCluster, podNetwork: undefined };

/** The rules of ingress by namespace and kind of policy. */
function listIngress(input: ControllerPolicyInput) {
  return buildControllerPolicies(input).map(({ kind, metadata, spec }) => [metadata.namespace, kind, spec.ingress]);
}

describe("the network policies of controllers' namespaces", () => {
  it("deny all of their pods what no rule opens, and leave egress open", () => {
    const denying = buildControllerPolicies(foreignCluster);
    expect(denying.map(({ metadata }) => metadata.namespace)).toEqual(foreignCluster.namespaces);
    for (const { spec } of denying) expect(spec).toMatchObject({ podSelector: {}, policyTypes: ["Ingress"] });
  });

  it("open the ports that the API server calls to the nodes alone where this stack installs Cilium", () => {
    const entities = ["host", "remote-node", "kube-apiserver"];
    const open = (...ports: string[]) => [
      { fromEntities: entities, toPorts: [{ ports: ports.map((port) => ({ port, protocol: "TCP" })) }] },
    ];
    expect(listIngress(ownCluster)).toEqual([
      ["kueue-system", "CiliumNetworkPolicy", open("9443", "8082")],
      ["kueue-system", "NetworkPolicy", undefined],
      ["jobset-system", "CiliumNetworkPolicy", open("9443")],
      ["jobset-system", "NetworkPolicy", undefined],
      ["kubeflow-system", "CiliumNetworkPolicy", open("9443")],
      ["kubeflow-system", "NetworkPolicy", undefined],
      ["amd-gpu", "NetworkPolicy", undefined],
    ]);
  });

  it.each([["routes"], [undefined]] as const)("open them to everyone if the pod network is %s", (podNetwork) => {
    const open = (...ports: number[]) => [{ ports: ports.map((port) => ({ port, protocol: "TCP" })) }];
    expect(listIngress({ ...ownCluster, podNetwork })).toEqual([
      ["kueue-system", "NetworkPolicy", open(9443, 8082)],
      ["jobset-system", "NetworkPolicy", open(9443)],
      ["kubeflow-system", "NetworkPolicy", open(9443)],
      ["amd-gpu", "NetworkPolicy", undefined],
    ]);
  });

  it("let Kueue's metrics be read and pods report progress only with monitoring", () => {
    const monitored = listIngress({ ...ownCluster, hasMonitoring: true });
    expect(monitored.filter(([, kind]) => kind === "NetworkPolicy")).toEqual([
      ["kueue-system", "NetworkPolicy", [{ ports: [{ port: 8443, protocol: "TCP" }] }]],
      ["jobset-system", "NetworkPolicy", undefined],
      [
        "kubeflow-system",
        "NetworkPolicy",
        [{ from: [{ namespaceSelector: {} }], ports: [{ port: 10443, protocol: "TCP" }] }],
      ],
      ["amd-gpu", "NetworkPolicy", undefined],
    ]);
  });

  it("come after the openings that they leave, so that no webhook is cut off meanwhile", () => {
    const kinds = buildControllerPolicies({ ...ownCluster, namespaces: ["jobset-system"] }).map(({ kind }) => kind);
    expect(kinds).toEqual(["CiliumNetworkPolicy", "NetworkPolicy"]);
  });

  it("do not exist if the file switches policies off, or in namespaces that others made", () => {
    expect(buildControllerPolicies({ ...ownCluster, networkPolicy: { enabled: false } })).toEqual([]);
    expect(buildControllerPolicies({ ...ownCluster, namespaces: [] })).toEqual([]);
  });
});
