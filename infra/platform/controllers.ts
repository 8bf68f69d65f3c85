import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { ControllerName, NodeSoftware, Software } from "../software.ts";
import { withImage } from "./controllerImage.ts";
import type { KubernetesObject } from "./kueueWebhooks.ts";
import { seeOnly } from "./kueueWebhooks.ts";

interface ControllersArgs {
  manifests: Software["manifests"];
  /** Images in place of those that the projects publish. */
  images: NodeSoftware["controllers"] | undefined;
  /** Kueue asks to see pods of these namespaces only. */
  queuedNamespaces: Readonly<Record<string, string>>;
}

/** Kueue, JobSet and Kubeflow Trainer, from the manifests of their own modules. */
export class Controllers extends pulumi.ComponentResource {
  readonly ready: pulumi.Resource[];

  constructor(name: string, { manifests, images, queuedNamespaces }: ControllersArgs, options?: pulumi.ComponentResourceOptions) {
    super("mixcpt:infra:Controllers", name, {}, options);
    const objects = (controller: ControllerName): KubernetesObject[] => readObjects(manifests[controller]).map((object) => withImage(object, images?.[controller]));
    const jobset = install(`${name}-jobset`, objects("jobset"), this);
    const trainer = install(`${name}-trainer`, objects("trainer"), this);
    const kueue = install(`${name}-kueue`, objects("kueue").map((object) => seeOnly(object, queuedNamespaces)), this);
    this.ready = [...jobset, ...trainer, ...kueue];
    this.registerOutputs({});
  }
}

const readObjects = (file: string): KubernetesObject[] => JSON.parse(readFileSync(file, "utf8")) as KubernetesObject[];

const early = new Set(["Namespace", "CustomResourceDefinition"]);

/** Namespaces and kinds first, then everything else at once: a controller gets ready only when its webhook is registered. */
function install(name: string, objects: readonly KubernetesObject[], parent: pulumi.Resource): pulumi.Resource[] {
  const first = objects.filter(({ kind }) => early.has(kind)).map((object) => apply(name, object, { parent }));
  return objects.filter(({ kind }) => !early.has(kind)).map((object) => apply(name, object, { parent, dependsOn: first }));
}

/** A controller writes its certificate into the empty Secret of its manifests; an up that replaced it would end its webhook. */
const writtenByController = ["data"];

function apply(prefix: string, object: KubernetesObject, options: pulumi.CustomResourceOptions): pulumi.Resource {
  const { kind, metadata } = object;
  const name = [prefix, kind.toLowerCase(), metadata.namespace, metadata.name].filter((part) => part !== undefined).join("-");
  return new Applied(name, object, { ...options, ...(kind === "Secret" && { ignoreChanges: writtenByController }) });
}

/** An object of any kind. The package's own class for that, CustomResource, gives objects of the core group a type that the plugin refuses. */
class Applied extends pulumi.CustomResource {
  constructor(name: string, object: KubernetesObject, options: pulumi.CustomResourceOptions) {
    const group = object.apiVersion.includes("/") ? object.apiVersion : `core/${object.apiVersion}`;
    super(`kubernetes:${group}:${object.kind}`, name, { ...object }, options);
  }
}
