import { load } from "js-yaml";
import { changesBetween } from "../protocol/changes.ts";
import type { CheckFailure, ResourceChange } from "../protocol/provider.ts";
import { isObject, isUnknown } from "../protocol/values.ts";
import type { Properties, Value } from "../protocol/values.ts";
import { clusterOf } from "./connection.ts";
import type { Access } from "./connection.ts";

const texts = ["kubeconfig", "context", "cluster", "namespace", "clusterIdentifier"];
// Given by the engine itself, or without effect here: requests are not throttled, apply is always server-side.
const ignored = ["version", "pluginDownloadURL", "kubeClientSettings", "enableServerSideApply", "suppressDeprecationWarnings", "enableConfigMapMutable", "enableSecretMutable"];

/** One failure per argument that this stand-in cannot honour. */
export function settingFailures(args: Properties): CheckFailure[] {
  const unsupported = Object.keys(args).filter((name) => !texts.includes(name) && !ignored.includes(name) && !name.startsWith("__"));
  const failures = unsupported.map((property) => ({
    property,
    reason: `the stand-in for the Kubernetes plugin does not support "${property}"; it knows ${texts.join(", ")}. Remove it, or install the vendor's plugin.`,
  }));
  if (args["enableServerSideApply"] === "false") {
    failures.push({ property: "enableServerSideApply", reason: "the stand-in always applies server-side; remove it or set it to true." });
  }
  return failures;
}

const text = (value: Value | undefined) => (typeof value === "string" && value !== "" ? value : undefined);

export interface Settings extends Access {
  /** Of the provider resource in Pulumi's state. */
  id: string;
  /** Namespace of namespaced objects that name none; "" for Kubernetes' own default. */
  namespace: string;
}

export function settingsOf(args: Properties, id: string): Settings {
  return {
    id,
    kubeconfig: text(args["kubeconfig"]),
    context: text(args["context"]),
    cluster: text(args["cluster"]),
    namespace: text(args["namespace"]) ?? "",
  };
}

function parsed(kubeconfig: Value | undefined): Properties | undefined {
  if (typeof kubeconfig !== "string" || !/[\n{]/.test(kubeconfig)) return undefined;
  try {
    const value = load(kubeconfig);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Another server or certificate authority means another cluster: every object is made anew there. */
function isOtherCluster(olds: Properties, news: Properties): boolean {
  const identifier = text(news["clusterIdentifier"]);
  if (identifier !== undefined) return text(olds["clusterIdentifier"]) !== undefined && identifier !== olds["clusterIdentifier"];
  if (isUnknown(news["kubeconfig"])) return false;
  const [before, after] = [parsed(olds["kubeconfig"]), parsed(news["kubeconfig"])];
  if (before === undefined || after === undefined) return false;
  const cluster = (config: Properties, args: Properties) => clusterOf(config, text(args["context"]) ?? "");
  return changesBetween(cluster(before, olds), cluster(after, news)).length > 0;
}

/** Changed arguments; those that lead to another cluster replace. */
export function settingChanges(olds: Properties, news: Properties): ResourceChange[] {
  const replaces = isOtherCluster(olds, news);
  const leading = ["kubeconfig", "context", "cluster", "clusterIdentifier"];
  return changesBetween(olds, news)
    .filter(({ path }) => path[0] !== "version")
    .map((change) => ({ ...change, replaces: replaces && leading.includes(String(change.path[0])) }));
}
