import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoreConfig } from "../../infra/clusterConfig.ts";
import type { ImageDelivery } from "./imageDelivery.ts";
import { runForOutput } from "./imageDelivery.ts";

// All that differs between a cluster of kind and any other existing cluster.

/** Programs that must be on PATH, beside skopeo. */
export const kindPrograms = ["kind", "docker"];

const contextPrefix = "kind-";

/** @throws Error for the context of another cluster */
export function readKindClusterName(context: string): string {
  if (context.startsWith(contextPrefix)) return context.slice(contextPrefix.length);
  throw new Error(
    `context "${context}": not one of kind; name one with --context ${contextPrefix}NAME, ` +
      "or make a cluster with kind create cluster",
  );
}

async function listKindNodes(name: string): Promise<string[]> {
  return (await runForOutput("kind", ["get", "nodes", "--name", name], 60)).split("\n").filter((node) => node !== "");
}

async function hasKindImage(node: string, reference: string): Promise<boolean> {
  return runForOutput("docker", ["exec", node, "crictl", "inspecti", "-q", reference], 60).then(
    () => true,
    () => false,
  );
}

/** Images are loaded into the nodes under the names that setup gave them, one at a time, because each is large. */
export function buildKindDelivery(name: string): ImageDelivery {
  const findImage = async (reference: string): Promise<string | undefined> => {
    const nodes = await listKindNodes(name);
    const found = await Promise.all(nodes.map((node) => hasKindImage(node, reference)));
    return found.includes(false) ? undefined : reference;
  };
  const deliverImage = async (reference: string, source: string): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), "mixcpt-kind-"));
    const archive = join(folder, "image.tar");
    try {
      await runForOutput("skopeo", ["copy", "--quiet", source, `docker-archive:${archive}:${reference}`]);
      await runForOutput("kind", ["load", "image-archive", archive, "--name", name]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  return { findImage, deliverImage };
}

/** The store in the only node of a cluster. */
const kindStore = { kind: "path", path: "/var/mixcpt" } as const satisfies StoreConfig;

/** @throws Error for several nodes, which share no directory unless the user mounts one into them */
export async function chooseKindStore(name: string): Promise<StoreConfig> {
  const nodes = await listKindNodes(name);
  if (nodes.length > 1)
    throw new Error(
      `kind cluster ${name}: its ${String(nodes.length)} nodes share no directory; use a cluster of one node, ` +
        "or name a directory that extraMounts mounts into all of them with --store",
    );
  return kindStore;
}

/** Makes the store for pods, which run as user 1000. */
export async function makeKindStore(name: string): Promise<void> {
  for (const node of await listKindNodes(name))
    await runForOutput("docker", ["exec", node, "install", "-d", "-o", "1000", "-g", "1000", kindStore.path], 60);
}
