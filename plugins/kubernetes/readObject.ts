import type { ReadRequest, ResourceReadResult } from "../protocol/provider.ts";
import { hasUnknown } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";
import type { ProviderCluster } from "./providerCluster.ts";
import { isForbiddenError, isInvalidObject } from "./providerErrors.ts";
import { resolveKind, parseObjectId } from "./objectKind.ts";
import type { ObjectReference } from "./objectKind.ts";
import {
  deriveImportInputs,
  buildResourceManifest,
  selectDeclaredFields,
  buildObjectRecord,
  markSecretPaths,
} from "./resourceManifest.ts";

/** Reads the live object; undefined if it is gone. On import, without inputs, the whole object becomes the inputs. */
export async function readObject(
  cluster: ProviderCluster,
  { id, type, urn, inputs, outputs }: ReadRequest,
): Promise<ResourceReadResult | undefined> {
  const identity = { ...resolveKind(inputs?.value ?? outputs?.value, type), ...parseObjectId(id) };
  const live = await cluster.retryForResource(urn, () => cluster.findLiveObject(identity));
  if (live === undefined) return undefined;
  const manager = cluster.selectFieldManager(urn, inputs?.value ?? {}, outputs?.value);
  const currentInputs =
    inputs === undefined
      ? deriveImportInputs(live)
      : await deriveCurrentInputs(cluster, { urn, identity, live, inputs: inputs.value, manager });
  return {
    id,
    inputs: markSecretPaths(currentInputs, inputs?.secrets ?? []),
    outputs: markSecretPaths(buildObjectRecord(live, manager, inputs?.value), inputs?.secrets ?? []),
  };
}

interface LiveObject {
  readonly urn: string;
  readonly identity: ObjectReference;
  readonly live: Properties;
  readonly inputs: Properties;
  readonly manager: string;
}

/** Returns the recorded inputs if an apply of them changes nothing, else the live values of their fields. */
async function deriveCurrentInputs(
  cluster: ProviderCluster,
  { urn, identity, live, inputs, manager }: LiveObject,
): Promise<Properties> {
  if (hasUnknown(inputs)) return inputs;
  const isUnchanged = cluster.retryForResource(urn, () =>
    cluster.isApplyNoOp(identity, buildResourceManifest(inputs), { live, manager }),
  );
  return (await isUnchanged.catch(returnFalseIfRejected)) ? inputs : selectDeclaredFields(live, inputs);
}

/** Inputs that the API server rejects no longer describe the object; other errors say nothing about them. */
function returnFalseIfRejected(error: unknown): boolean {
  if (isInvalidObject(error) || isForbiddenError(error)) return false;
  throw error;
}
