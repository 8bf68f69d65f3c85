import type { StoreConfig } from "../../infra/clusterConfig.ts";
import { storeSchema } from "../../infra/clusterFields.ts";
import type { DemoFlags } from "./demoTarget.ts";

const storeChoices =
  "a directory that every node mounts at the same path and that user 1000 may write, such as /lustre/mixcpt, " +
  "or class:NAME of a StorageClass with ReadWriteMany";

/** The size of the claim. The demo's models, corpora and checkpoints are a few hundred megabytes. */
const claimSize = "10Gi";

/** @throws Error for what is neither a path nor a StorageClass by the rules of the cluster's file */
export function parseStore(text: string): StoreConfig {
  const [, name] = /^class:(.*)$/.exec(text) ?? [];
  const { data, error } = storeSchema.safeParse(
    name === undefined ? { kind: "path", path: text } : { kind: "storageClass", name, size: claimSize },
  );
  if (data !== undefined) return data;
  const rules = error.issues.map(({ message }) => message).join("; ");
  throw new Error(`--store: ${text} is not allowed; ${rules}; a store is ${storeChoices}`);
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
    store === undefined ? `--store: missing; name ${storeChoices}` : "",
  ].filter((problem) => problem !== "");
}
