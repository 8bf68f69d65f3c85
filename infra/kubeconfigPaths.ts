import { isAbsolute, resolve } from "node:path";
import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Document, YAMLMap } from "yaml";

type KubeconfigDocument = Document.Parsed;

interface PathKeys {
  readonly keys: readonly string[];
  readonly folder: string;
}

const clusterPathKeys = ["certificate-authority"];
const userPathKeys = ["client-certificate", "client-key", "tokenFile"];

function resolveAlias(document: KubeconfigDocument, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function findMap(document: KubeconfigDocument, parent: unknown, key: string): YAMLMap | undefined {
  const node = isMap(parent) ? resolveAlias(document, parent.get(key, true)) : undefined;
  return isMap(node) ? node : undefined;
}

/** Returns the settings of the entries of `clusters` or `users`, which are under a key of each entry. */
function listEntries(document: KubeconfigDocument, { list, key }: { list: string; key: string }): YAMLMap[] {
  const root = document.contents;
  const sequence = isMap(root) ? resolveAlias(document, root.get(list, true)) : undefined;
  const items = isSeq(sequence) ? sequence.items.map((item) => resolveAlias(document, item)) : [];
  return items.flatMap((item) => findMap(document, item, key) ?? []);
}

/** True for a value that client-go resolves: the command of a credential program only if it contains a slash. */
function isRelativePath(key: string, value: string): boolean {
  return value !== "" && !isAbsolute(value) && (key !== "command" || value.includes("/"));
}

/** Makes the paths under some keys absolute. @returns true if one was relative */
function resolvePaths(document: KubeconfigDocument, settings: YAMLMap, { keys, folder }: PathKeys): boolean {
  const relative = keys.flatMap((key) => {
    const node = resolveAlias(document, settings.get(key, true));
    const value = isScalar(node) ? node.value : undefined;
    return typeof value === "string" && isRelativePath(key, value) ? { key, value } : [];
  });
  for (const { key, value } of relative) settings.set(key, resolve(folder, value));
  return relative.length > 0;
}

/**
 * Makes the paths of a kubeconfig absolute. As in kubectl (client-go, `ResolveLocalPaths`), they are relative to the
 * folder of the kubeconfig. The files are not read, so that their secrets stay out of Pulumi's state.
 * @returns the text unchanged if it has no relative path or is not YAML
 */
export function resolveKubeconfigPaths(kubeconfig: string, folder: string): string {
  const document = parseDocument(kubeconfig);
  if (document.errors.length > 0) return kubeconfig;
  const clusters = listEntries(document, { list: "clusters", key: "cluster" });
  const users = listEntries(document, { list: "users", key: "user" });
  const programs = users.flatMap((user) => findMap(document, user, "exec") ?? []);
  const changes = [
    ...clusters.map((cluster) => resolvePaths(document, cluster, { folder, keys: clusterPathKeys })),
    ...users.map((user) => resolvePaths(document, user, { folder, keys: userPathKeys })),
    ...programs.map((program) => resolvePaths(document, program, { folder, keys: ["command"] })),
  ];
  return changes.includes(true) ? document.toString({ lineWidth: 0 }) : kubeconfig;
}
