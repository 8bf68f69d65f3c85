import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { ControllerName, NodeSoftware, Toolchain } from "../../workspace/toolchain.ts";
import type { KubernetesObject } from "./controllerManifests.ts";
import { enableProgressReports, limitWebhookNamespaces, replaceControllerImage } from "./controllerManifests.ts";
import { enableFairSharing } from "./fairSharing.ts";

interface ControllersArgs {
  readonly manifests: Toolchain["manifests"];
  /** Replacements for the images that the projects publish. */
  readonly images: NodeSoftware["controllers"] | undefined;
  /** Labels of the namespaces whose pods Kueue's webhooks see. */
  readonly queuedNamespaces: Readonly<Record<string, string>>;
  /** True if Kubeflow Trainer writes the progress of trainings into the status of their TrainJobs. */
  readonly reportsProgress: boolean;
  /** True if Kueue counts the weights of queues. */
  readonly sharesFairly: boolean;
}

/** Kueue, JobSet and Kubeflow Trainer, installed from the manifests in their Go modules. */
export class Controllers extends pulumi.ComponentResource {
  readonly ready: pulumi.Resource[];

  constructor(
    name: string,
    { manifests, images, queuedNamespaces, reportsProgress, sharesFairly }: ControllersArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("mixcpt:infra:Controllers", name, {}, options);
    const readControllerObjects = (controller: ControllerName): KubernetesObject[] =>
      readObjectList(manifests[controller]).map((object) => replaceControllerImage(object, images?.[controller]));
    const jobset = installObjects(`${name}-jobset`, readControllerObjects("jobset"), this);
    const trainerObjects = readControllerObjects("trainer");
    const shownObjects = reportsProgress ? trainerObjects.map(enableProgressReports) : trainerObjects;
    const trainer = installObjects(`${name}-trainer`, shownObjects, this);
    const queueObjects = readControllerObjects("kueue").map((object) =>
      limitWebhookNamespaces(object, queuedNamespaces),
    );
    const kueue = installObjects(`${name}-kueue`, sharesFairly ? enableFairSharing(queueObjects) : queueObjects, this);
    this.ready = [...jobset, ...trainer, ...kueue];
    this.registerOutputs({});
  }
}

function readObjectList(file: string): KubernetesObject[] {
  return JSON.parse(readFileSync(file, "utf8")) as KubernetesObject[];
}

const kindsAppliedFirst = new Set(["Namespace", "CustomResourceDefinition"]);

/**
 * Applies namespaces and custom resource definitions first, then everything else at once, because a controller becomes
 * ready only when its webhook is registered.
 */
function installObjects(
  name: string,
  objects: readonly KubernetesObject[],
  parent: pulumi.Resource,
): pulumi.Resource[] {
  const first = objects
    .filter(({ kind }) => kindsAppliedFirst.has(kind))
    .map((object) => applyObject(name, object, { parent }));
  return objects
    .filter(({ kind }) => !kindsAppliedFirst.has(kind))
    .map((object) => applyObject(name, object, { parent, dependsOn: first }));
}

/**
 * The field of a Secret that its controller fills with a certificate. The manifests leave it empty; an `up` that reset
 * it would break the webhook.
 */
const fieldsWrittenByController = ["data"];

function applyObject(prefix: string, object: KubernetesObject, options: pulumi.CustomResourceOptions): pulumi.Resource {
  const { kind, metadata } = object;
  const name = [prefix, kind.toLowerCase(), metadata.namespace, metadata.name]
    .filter((part) => part !== undefined)
    .join("-");
  return new AppliedObject(name, object, {
    ...options,
    ...(kind === "Secret" && { ignoreChanges: fieldsWrittenByController }),
  });
}

/**
 * An object of any kind. The package's CustomResource does not fit, because it gives objects of the core group a type
 * that the plugin refuses.
 */
class AppliedObject extends pulumi.CustomResource {
  constructor(name: string, object: KubernetesObject, options: pulumi.CustomResourceOptions) {
    const group = object.apiVersion.includes("/") ? object.apiVersion : `core/${object.apiVersion}`;
    super(`kubernetes:${group}:${object.kind}`, name, { ...object }, options);
  }
}
