import type { StoreConfig } from "../../infra/clusterConfig.ts";
import type { DemoFlags } from "./demoTarget.ts";

const storeRule =
  "must be a directory that every node mounts at the same path and that user 1000 may write, such as /lustre/mixcpt, " +
  "or class:NAME of a StorageClass with ReadWriteMany";

/** The size of the claim. The demo's models, corpora and checkpoints are a few hundred megabytes. */
const claimSize = "10Gi";

/** @throws Error for what is neither a path nor a StorageClass */
export function parseStore(text: string): StoreConfig {
  const [, className] = /^class:(.+)$/.exec(text) ?? [];
  if (className !== undefined) return { kind: "storageClass", name: className, size: claimSize };
  if (/^\/+[^/]/.test(text) && !text.split("/").includes("..")) return { kind: "path", path: text };
  throw new Error(`--store: ${text} is not allowed; ${storeRule}`);
}

/** Lists options that are missing, or that the chosen cluster does not have. */
export function listFlagProblems({ on, context, registry, store, yes }: DemoFlags): string[] {
  const given = { "--context": context, "--registry": registry, "--store": store, "--yes": yes };
  if (on === undefined)
    return Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .map(([flag]) => `${flag}: needs --on existing or --on kind; without it the demo makes hosts of this machine`);
  if (on === "kind")
    return registry === undefined ? [] : ["--registry: not used with --on kind, whose images are loaded; leave it out"];
  return [
    registry === undefined ? "--registry: missing; name the registry to which the images of the work are pushed" : "",
    store === undefined ? `--store: missing; ${storeRule}` : "",
  ].filter((problem) => problem !== "");
}
