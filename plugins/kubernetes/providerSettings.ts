import { parse } from "yaml";
import { diffValues } from "../protocol/changes.ts";
import type { CheckFailure, ResourceChange } from "../protocol/provider.ts";
import { isObject, isUnknown } from "../protocol/propertyValues.ts";
import type { Properties, PropertyValue } from "../protocol/propertyValues.ts";
import { findClusterEntry } from "./apiConnection.ts";
import type { ClusterAccess } from "./apiConnection.ts";

const supportedArguments = ["kubeconfig", "context", "cluster", "namespace", "clusterIdentifier"];
// Set by the engine, or without effect here: requests are not throttled, apply is always server-side.
const ignoredArguments = [
  "version",
  "pluginDownloadURL",
  "kubeClientSettings",
  "enableServerSideApply",
  "suppressDeprecationWarnings",
  "enableConfigMapMutable",
  "enableSecretMutable",
];

/** Reports every argument that this stand-in does not support. */
export function checkProviderSettings(args: Properties): CheckFailure[] {
  const unsupported = Object.keys(args).filter(
    (name) => !supportedArguments.includes(name) && !ignoredArguments.includes(name) && !name.startsWith("__"),
  );
  const failures = unsupported.map((property) => ({
    property,
    reason:
      `the stand-in Kubernetes plugin does not support "${property}"; it supports ` +
      `${supportedArguments.join(", ")}. Remove it, or install the vendor's plugin.`,
  }));
  if (args["enableServerSideApply"] === "false") {
    failures.push({
      property: "enableServerSideApply",
      reason: "false is not supported, the stand-in always applies server-side; remove it or set it to true.",
    });
  }
  return failures;
}

function readOptionalText(value: PropertyValue | undefined) {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export interface ProviderSettings extends ClusterAccess {
  /** The id of the provider resource in Pulumi's state. */
  readonly id: string;
  /** The namespace of namespaced objects that name none; "" for Kubernetes' default. */
  readonly namespace: string;
}

export function readProviderSettings(args: Properties, id: string): ProviderSettings {
  return {
    id,
    kubeconfig: readOptionalText(args["kubeconfig"]),
    context: readOptionalText(args["context"]),
    cluster: readOptionalText(args["cluster"]),
    namespace: readOptionalText(args["namespace"]) ?? "",
  };
}

function parseKubeconfig(kubeconfig: PropertyValue | undefined): Properties | undefined {
  if (typeof kubeconfig !== "string" || !/[\n{]/.test(kubeconfig)) return undefined;
  try {
    const value = parse(kubeconfig) as unknown;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** True if the arguments lead to another cluster, where every object must be created again. */
function isOtherCluster(olds: Properties, news: Properties): boolean {
  const identifier = readOptionalText(news["clusterIdentifier"]);
  if (identifier !== undefined)
    return readOptionalText(olds["clusterIdentifier"]) !== undefined && identifier !== olds["clusterIdentifier"];
  if (isUnknown(news["kubeconfig"])) return false;
  const [before, after] = [parseKubeconfig(olds["kubeconfig"]), parseKubeconfig(news["kubeconfig"])];
  if (before === undefined || after === undefined) return false;
  const findContextCluster = (config: Properties, args: Properties) =>
    findClusterEntry(config, readOptionalText(args["context"]) ?? "");
  return diffValues(findContextCluster(before, olds), findContextCluster(after, news)).length > 0;
}

/** Lists changed arguments; those that lead to another cluster replace every resource. */
export function diffProviderSettings(olds: Properties, news: Properties): ResourceChange[] {
  const replaces = isOtherCluster(olds, news);
  const clusterArguments = ["kubeconfig", "context", "cluster", "clusterIdentifier"];
  return diffValues(olds, news)
    .filter(({ path }) => path[0] !== "version")
    .map((change) => ({ ...change, replaces: replaces && clusterArguments.includes(String(change.path[0])) }));
}
