import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { buildExistingClusterConfig } from "../../infra/existingCluster.fixture.ts";
import { describeEnforcement } from "./policyEnforcement.ts";

jest.mock("../kubernetes/apiClients.ts", () => ({ createApiClients: jest.fn() }));

const local = { kind: "local", hosts: 1, emulated: { gpu: "MI250X", devicesPerNode: 2 } };
const existing = buildExistingClusterConfig("/k");

function buildAgent(label: string, ready: number) {
  const metadata = { name: label, namespace: "kube-system", labels: { "k8s-app": label } };
  const status = { numberReady: ready, desiredNumberScheduled: 3, currentNumberScheduled: 3, numberMisscheduled: 0 };
  return { metadata, status };
}

function describeCluster(cluster: object, ...agents: ReturnType<typeof buildAgent>[]) {
  const config = parseClusterConfig(cluster, "infra/Pulumi.dev.yaml");
  return describeEnforcement("dev", { config, agents });
}

it("tells that the bridge of local hosts does not enforce the network policies", () => {
  expect(describeCluster(local).observation).toMatch(/^written, but not enforced/);
});

it("tells which network enforces them, and where it does not run", () => {
  expect(describeCluster(local, buildAgent("cilium", 3))).toEqual({
    subject: "network policies of cluster dev",
    observation: "enforced by Cilium on 3 of 3 nodes",
  });
  expect(describeCluster(existing, buildAgent("calico-node", 2))).toMatchObject({
    observation: "enforced by Calico on 2 of 3 nodes",
    remedy: "./mixcpt kubectl --cluster dev -n kube-system describe pods -l k8s-app=calico-node",
  });
});

it("does not judge other networks of clusters that others run", () => {
  expect(describeCluster(existing).observation).toMatch(/^written; neither Cilium nor Calico was found/);
});
