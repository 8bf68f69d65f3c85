import { changesBetween, isWithin, parsePath } from "../protocol/changes.ts";
import type { Change } from "../protocol/changes.ts";
import type { DiffRequest, DiffResult } from "../protocol/provider.ts";
import { hasUnknown, textAt } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import type { Cluster } from "./cluster.ts";
import { ApiFailure, Unreachable, isNotFound } from "./failure.ts";
import { parseId } from "./kind.ts";
import { manifestOf } from "./manifest.ts";
import { isAutonamed, isNamed, setMetadata } from "./names.ts";
import { needsReplacement } from "./replace.ts";

/** "default" is the same namespace as none. Cluster-wide kinds name none in either. */
function normal(inputs: Properties): Properties {
  const manifest = manifestOf(inputs);
  return textAt(manifest, "metadata", "namespace") === "" ? setMetadata(manifest, "namespace", "default") : manifest;
}

/** Changed inputs of a resource, as paths, less those that the program ignores. */
export function declaredChanges(before: Properties, after: Properties, ignored: string[]): Change[] {
  const prefixes = ignored.map(parsePath);
  return changesBetween(normal(before), normal(after)).filter(({ path }) => !prefixes.some((prefix) => isWithin(path, prefix)));
}

/**
 * What would change. Equal inputs are no change, without asking the cluster. Where inputs differ, a server-side
 * dry-run tells whether the object would: "1000m" for "1" does not. Without an answer the inputs decide.
 */
export async function difference(cluster: Cluster, request: DiffRequest): Promise<DiffResult> {
  const [before, after] = [request.oldInputs.value, request.news.value];
  const declared = declaredChanges(before, after, request.ignoreChanges);
  const changes = declared.map((change) => ({ ...change, replaces: needsReplacement(change, before) }));
  const replaces = changes.some((change) => change.replaces);
  if (changes.length === 0 || (await isWithoutEffect(cluster, request))) return { changes: [], deleteBeforeReplace: false };
  return { changes, deleteBeforeReplace: replaces && takesSamePlace(before, after) };
}

/** The new object would need the old one's name, so the old one has to go first. */
function takesSamePlace(before: Properties, after: Properties): boolean {
  const place = (inputs: Properties) => `${textAt(normal(inputs), "metadata", "namespace")}/${textAt(inputs, "metadata", "name")}`;
  return isNamed(after) && !isAutonamed(after) && place(before) === place(after);
}

async function isWithoutEffect(cluster: Cluster, { id, type, urn, news, oldOutputs }: DiffRequest): Promise<boolean> {
  if (hasUnknown(news.value)) return false;
  const manifest = manifestOf(news.value);
  try {
    const identity = await cluster.identify(manifest, type);
    // Another name or namespace is another object, whatever is there.
    const old = parseId(id);
    if (identity.name !== old.name || (old.namespace !== "" && identity.namespace !== old.namespace)) return false;
    const live = await cluster.find(identity);
    if (live === undefined) return false;
    return await cluster.isSame(identity, manifest, { live, manager: cluster.managerOf(urn, news.value, oldOutputs.value) });
  } catch (error) {
    if (error instanceof ApiFailure || error instanceof Unreachable || isNotFound(error)) return false;
    throw error;
  }
}
