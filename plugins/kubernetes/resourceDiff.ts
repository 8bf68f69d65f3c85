import { diffValues, isPathWithin, parsePropertyPath } from "../protocol/changes.ts";
import type { PropertyChange } from "../protocol/changes.ts";
import type { DiffRequest, DiffResult } from "../protocol/provider.ts";
import { hasUnknown, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";
import type { ProviderCluster } from "./providerCluster.ts";
import { ApiError, UnreachableError, computeOutageSeconds, isMissingObjectError } from "./providerErrors.ts";
import { parseObjectId } from "./objectKind.ts";
import { buildResourceManifest } from "./resourceManifest.ts";
import { hasGeneratedName, hasName, setMetadata } from "./objectMetadata.ts";
import { needsReplacement } from "./needsReplacement.ts";

/** Makes a missing namespace explicit, as it means "default"; for cluster-wide kinds both sides get the same. */
function normalizeInputs(inputs: Properties): Properties {
  const manifest = buildResourceManifest(inputs);
  return getTextAt(manifest, "metadata", "namespace") === "" ? setMetadata(manifest, "namespace", "default") : manifest;
}

/** Lists the changed inputs of a resource, without those that the program ignores. */
export function listDeclaredChanges(before: Properties, after: Properties, ignored: string[]): PropertyChange[] {
  const prefixes = ignored.map(parsePropertyPath);
  return diffValues(normalizeInputs(before), normalizeInputs(after)).filter(
    ({ path }) => !prefixes.some((prefix) => isPathWithin(path, prefix)),
  );
}

/**
 * Computes the changes of a resource. Equal inputs are no change and need no request. If inputs differ, a server-side
 * dry run shows whether the object would: "1000m" for "1" does not. If it fails, the inputs decide.
 */
export async function diffKubernetesResource(cluster: ProviderCluster, request: DiffRequest): Promise<DiffResult> {
  const [before, after] = [request.oldInputs.value, request.news.value];
  const declared = listDeclaredChanges(before, after, request.ignoreChanges);
  const changes = declared.map((change) => ({ ...change, replaces: needsReplacement(change, before) }));
  const replaces = changes.some((change) => change.replaces);
  if (changes.length === 0 || (await hasNoEffect(cluster, request))) return { changes: [], deleteBeforeReplace: false };
  return { changes, deleteBeforeReplace: replaces && needsSameName(before, after) };
}

/** True if the new object needs the old one's name, so that the old one must be deleted first. */
function needsSameName(before: Properties, after: Properties): boolean {
  const formatQualifiedName = (inputs: Properties) =>
    `${getTextAt(normalizeInputs(inputs), "metadata", "namespace")}/${getTextAt(inputs, "metadata", "name")}`;
  return hasName(after) && !hasGeneratedName(after) && formatQualifiedName(before) === formatQualifiedName(after);
}

async function hasNoEffect(
  cluster: ProviderCluster,
  { id, type, urn, news, oldOutputs }: DiffRequest,
): Promise<boolean> {
  if (hasUnknown(news.value)) return false;
  const manifest = buildResourceManifest(news.value);
  const isNoOp = async () => {
    const identity = await cluster.resolveReference(manifest, type);
    // Another name or namespace is another object.
    const oldId = parseObjectId(id);
    if (identity.name !== oldId.name || (oldId.namespace !== "" && identity.namespace !== oldId.namespace))
      return false;
    const live = await cluster.findLiveObject(identity);
    if (live === undefined) return false;
    return cluster.isApplyNoOp(identity, manifest, {
      live,
      manager: cluster.selectFieldManager(urn, news.value, oldOutputs.value),
    });
  };
  try {
    // A restart of the server must not decide that an object is replaced.
    return await cluster.retryForResource(urn, isNoOp, computeOutageSeconds);
  } catch (error) {
    if (error instanceof ApiError || error instanceof UnreachableError || isMissingObjectError(error)) return false;
    throw error;
  }
}
