import { clusterConfigSchema } from "../../infra/config.ts";
import { isMissingKindError, buildNamespaceArguments } from "./question.ts";

const parseExistingCluster = (more: object) =>
  clusterConfigSchema.parse({ kind: "existing", kubeconfigFile: "kubeconfig", nodes: 1, devices: { gpu: "MI250X", devicesPerNode: 8 }, store: { kind: "path", path: "/store" }, ...more });

it("is asked of every namespace where the controllers, and with them all objects of their kinds, would go", () => {
  expect(buildNamespaceArguments(clusterConfigSchema.parse({ kind: "local", hosts: 1, emulated: { gpu: "MI250X", devicesPerNode: 2 } }))).toEqual(["--all-namespaces"]);
  expect(buildNamespaceArguments(parseExistingCluster({ controllers: "published" }))).toEqual(["--all-namespaces"]);
});

it("is asked of this project's namespace alone on a cluster that keeps its controllers: others may work there for ever", () => {
  expect(buildNamespaceArguments(parseExistingCluster({ controllers: "installed" }))).toEqual(["--namespace", "mixcpt"]);
});

it("a kind that is not installed is told from a cluster that does not answer", () => {
  expect(isMissingKindError('error: the server doesn\'t have a resource type "trainjobs"')).toBe(true);
  expect(isMissingKindError("Error from server (NotFound): Unable to list \"kueue.x-k8s.io/v1beta1, Resource=workloads\": the server could not find the requested resource")).toBe(true);
  expect(isMissingKindError("The connection to the server 10.89.0.11:6443 was refused - did you specify the right host or port?")).toBe(false);
});
