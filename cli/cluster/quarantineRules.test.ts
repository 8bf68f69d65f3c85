/** Which nodes `cluster quarantine` and `cluster release` may taint, and what they warn of. */
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { listTolerantPods, refuseForeignNodes, refuseUnknownNodes } from "./quarantineRules.ts";

const local = { kind: "local", hosts: 2, emulated: { gpu: "MI300X", devicesPerNode: 2 } };
const theirs = {
  kind: "existing",
  kubeconfigFile: "/kubeconfig",
  nodes: 2,
  devices: { gpu: "MI300X", devicesPerNode: 8 },
  store: { kind: "storageClass", name: "nfs", size: "1Ti" },
};

function parse(value: object) {
  return parseClusterConfig(value, "f");
}

const request = { cluster: "site", verb: "quarantine", nodes: ["n7", "n8"] } as const;

it("taints the nodes of clusters that this project made", () => {
  expect(() => refuseForeignNodes(parse(local), request)).not.toThrow();
});

it("prints the commands for the operator of a cluster that exists without this project", () => {
  expect(() => refuseForeignNodes(parse(theirs), request)).toThrow(
    [
      "cluster site exists without this project, so its operator decides about nodes; the command for them:",
      "  kubectl taint node n7 mixcpt.io/quarantine=operator:NoSchedule --overwrite",
      "  kubectl taint node n8 mixcpt.io/quarantine=operator:NoSchedule --overwrite",
      "or let this command do it: preflight: { cordon: true } in infra/Pulumi.site.yaml",
    ].join("\n"),
  );
  expect(() => refuseForeignNodes(parse(theirs), { ...request, verb: "release" })).toThrow(
    "kubectl taint node n7 mixcpt.io/quarantine- --overwrite",
  );
});

it("taints the nodes of such a cluster if its file allows it", () => {
  expect(() => refuseForeignNodes(parse({ ...theirs, preflight: { cordon: true } }), request)).not.toThrow();
});

it("refuses nodes without GPUs with all problems at once", () => {
  expect(() => refuseUnknownNodes(request, ["n1", "n7"])).toThrow(
    "cluster quarantine: no node with GPUs is named n8; allowed: n1, n7",
  );
  expect(() => refuseUnknownNodes(request, ["n7", "n8"])).not.toThrow();
});

it("warns of pods that tolerate every taint, because a quarantine does not keep them away", () => {
  const tolerations = [{ operator: "Exists" }];
  expect(listTolerantPods(parse({ ...theirs, training: { tolerations } }))).toEqual([
    "training.tolerations also tolerates mixcpt.io/quarantine: name the keys of the taints it is meant for",
  ]);
  const named = [{ key: "team", operator: "Exists" }];
  expect(listTolerantPods(parse({ ...theirs, training: { tolerations: named } }))).toEqual([]);
});
