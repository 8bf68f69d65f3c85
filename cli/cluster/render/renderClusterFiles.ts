/** Manifests of what `cluster up` makes in a cluster: by its own program, with an engine that only records. */
import * as pulumi from "@pulumi/pulumi";
import { makesPlatform } from "../../../infra/clusterConfig.ts";
import { selectClusterImages } from "../../../infra/clusterImages.ts";
import { installPlatform } from "../../../infra/clusterProgram.ts";
import { retainedFieldManager } from "../../../infra/platform/store.ts";
import { infraProject } from "../../../jobs/kube/clusterIdentity.ts";
import { readToolchain, requireNodeSoftware } from "../../../workspace/toolchain.ts";
import { refuseStaleToolchain } from "../../setup/toolchainRecord.ts";
import { readClusterConfig } from "../readClusterConfig.ts";
import { formatManifestFile } from "../../render/manifestFile.ts";
import type { RenderedObject } from "./applicationOrder.ts";
import { orderObjects } from "./applicationOrder.ts";

/** Annotations for Pulumi's plugin start so; nothing else reads them. */
const pluginPrefix = "pulumi.com/";

/** Lets Argo CD leave an object in the cluster whose file or Application is deleted, as `cluster destroy` does. */
const retainedByArgo = { "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" };

function isRetained(annotations: Readonly<Record<string, string>>): boolean {
  return Object.entries(retainedFieldManager).every(([key, value]) => annotations[key] === value);
}

/** Replaces the annotations for Pulumi's plugin by those of Argo CD that mean the same. */
function translateAnnotations({ annotations = {}, ...metadata }: RenderedObject["metadata"]) {
  const others = Object.entries(annotations).filter(([key]) => !key.startsWith(pluginPrefix));
  const kept = { ...Object.fromEntries(others), ...(isRetained(annotations) && retainedByArgo) };
  return { ...metadata, ...(Object.keys(kept).length > 0 && { annotations: kept }) };
}

/** Runs a Pulumi program and returns the Kubernetes objects that it declares; no engine, plugin or cluster is asked. */
async function recordObjects(stack: string, declare: () => void): Promise<RenderedObject[]> {
  const objects: RenderedObject[] = [];
  const newResource = ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
    const object = inputs as RenderedObject;
    if (type.startsWith("kubernetes:")) objects.push({ ...object, metadata: translateAnnotations(object.metadata) });
    return { id: name, state: object };
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, infraProject, stack);
  declare();
  await pulumi.runtime.disconnect();
  return objects;
}

/**
 * Renders the objects of the platform of a cluster as YAML files by name, in the order in which they must be applied.
 * Machines, labels and taints of nodes, and emulated devices are no such objects. The kubeconfig is not read.
 * @throws ConfigError with all problems of the cluster's file, Error if setup has not read the controllers' manifests
 *   of this commit, or if the file has nothing to render
 */
export async function renderClusterFiles(stack: string): Promise<ReadonlyMap<string, string>> {
  const config = readClusterConfig(stack);
  if (!makesPlatform(config))
    throw new Error(
      `infra/Pulumi.${stack}.yaml: has platform: elsewhere, so that another stack has the platform; render that one`,
    );
  const toolchain = readToolchain();
  refuseStaleToolchain(toolchain, config);
  const images = selectClusterImages(config, () => requireNodeSoftware(toolchain));
  const objects = await recordObjects(stack, () => {
    installPlatform(config, { kubeconfig: pulumi.output(""), ready: [], ...images });
  });
  if (objects.length === 0)
    throw new Error(
      `infra/Pulumi.${stack}.yaml: names objects that an administrator has made, and cluster up makes none; ` +
        "render the file of the stack that has made them",
    );
  return new Map(
    orderObjects(objects).map(({ file, title, objects: group }) => [
      file,
      formatManifestFile({ command: "cluster render", title: `${stack}: ${title}`, manifests: group }),
    ]),
  );
}
