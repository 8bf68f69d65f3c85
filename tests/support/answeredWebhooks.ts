/** Controllers' webhooks of a cluster: whether they answer the API server, from which node, and who reaches them. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { stringify } from "yaml";
import { resolveInstanceDirectory } from "../../workspace/environment.ts";
import { runMixcpt, runMixcptSuccessfully } from "./mixcptCommand.ts";

interface Controller {
  readonly namespace: string;
  readonly deployment: string;
  /** An object whose creation calls the controller's webhook. */
  readonly object: object;
  /** What the webhook adds to the object, or says of it. */
  readonly answer: RegExp;
}

const template = { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "none.example/none" }] } };

export const webhookControllers: readonly Controller[] = [
  {
    namespace: "kueue-system",
    deployment: "kueue-controller-manager",
    object: { apiVersion: "kueue.x-k8s.io/v1beta2", kind: "ResourceFlavor", metadata: { name: "admission" } },
    answer: /kueue\.x-k8s\.io\/resource-in-use/,
  },
  {
    namespace: "jobset-system",
    deployment: "jobset-controller-manager",
    object: {
      apiVersion: "jobset.x-k8s.io/v1alpha2",
      kind: "JobSet",
      metadata: { name: "admission", namespace: "default" },
      spec: { replicatedJobs: [{ name: "main", template: { spec: { template } } }] },
    },
    answer: /completionMode: Indexed/,
  },
  {
    namespace: "kubeflow-system",
    deployment: "kubeflow-trainer-controller-manager",
    object: {
      apiVersion: "trainer.kubeflow.org/v1alpha1",
      kind: "TrainJob",
      metadata: { name: "admission", namespace: "default" },
      spec: { runtimeRef: { name: "none" } },
    },
    answer: /admission webhook "validator\.trainjob\.trainer\.kubeflow\.org" denied the request/,
  },
];

/** Creates the object of a controller as a dry run; returns what came back if it is not the webhook's answer. */
async function findMissingAnswer(stack: string, { deployment, object, answer }: Controller): Promise<string[]> {
  const file = resolve(resolveInstanceDirectory(stack), `${deployment}.yaml`);
  writeFileSync(file, stringify(object));
  const command = ["create", "--dry-run=server", "--output=yaml", "--filename", file];
  const { output } = await runMixcpt("kubectl", "--cluster", stack, ...command);
  return answer.test(output) ? [] : [`${deployment}: ${output}`];
}

/** Asks each controller's webhook, by way of the API server, and returns what came back in place of an answer. */
export async function listMissingAnswers(stack: string): Promise<string[]> {
  const missing = await Promise.all(webhookControllers.map((controller) => findMissingAnswer(stack, controller)));
  return missing.flat();
}

/** Lets the controllers run on a node. */
export async function moveControllers(stack: string, node: string): Promise<void> {
  const spec = { template: { spec: { nodeSelector: { "kubernetes.io/hostname": node } } } };
  for (const { namespace, deployment } of webhookControllers) {
    const target = ["--namespace", namespace, `deployment/${deployment}`];
    await runMixcptSuccessfully("kubectl", "--cluster", stack, "patch", ...target, "-p", JSON.stringify({ spec }));
    const waiting = ["rollout", "status", ...target, "--timeout=300s"];
    await runMixcptSuccessfully("kubectl", "--cluster", stack, ...waiting);
  }
}

/** The address of the youngest pod of a controller. */
export function readControllerAddress(stack: string, namespace: string): Promise<string> {
  const youngest = ["--sort-by=.metadata.creationTimestamp", "-o", "jsonpath={.items[-1:].status.podIP}"];
  return runMixcptSuccessfully("kubectl", "--cluster", stack, "get", "pods", "-n", namespace, ...youngest);
}
