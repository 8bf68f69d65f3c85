import { getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";
import { awaitGone } from "./awaitObjects.ts";
import type { ProviderCluster } from "./providerCluster.ts";
import { UnreachableError, isConflictError, isMissingObjectError, isInvalidObject } from "./providerErrors.ts";
import { formatReference } from "./objectKind.ts";
import type { ObjectReference } from "./objectKind.ts";
import { isAnnotationSet } from "./objectMetadata.ts";
import { isAppliedBy, buildInterruptedUpError, buildForeignObjectError } from "./fieldOwnership.ts";

export interface ObjectWrite {
  readonly urn: string;
  readonly type: string;
  readonly manifest: Properties;
  readonly manager: string;
  readonly timeout: number;
}

export interface WriteResult {
  readonly identity: ObjectReference;
  readonly live: Properties;
}

/**
 * Creates the object, after waiting for one of the same name that is being deleted. An unchanged object that this
 * resource of this state applied is adopted: an earlier `up` was killed before it could record it.
 * @throws Error if any other object of that name exists
 */
export async function createObject(cluster: ProviderCluster, write: ObjectWrite): Promise<WriteResult> {
  return cluster.retryForResource(write.urn, async () => {
    const identity = await cluster.resolveReference(write.manifest, write.type);
    const live = await cluster.findLiveObject(identity);
    const isBeingDeleted = live !== undefined && getTextAt(live, "metadata", "deletionTimestamp") !== "";
    if (isBeingDeleted)
      await awaitGone(cluster, identity, {
        uid: getTextAt(live, "metadata", "uid"),
        timeout: write.timeout,
        urn: write.urn,
      });
    if (live === undefined || isBeingDeleted) return { identity, live: await applyWrite(cluster, identity, write) };
    if (!isAppliedBy(live, write.manager)) throw buildForeignObjectError(identity, live);
    if (!(await cluster.isApplyNoOp(identity, write.manifest, { live, manager: write.manager })))
      throw buildInterruptedUpError(identity);
    cluster.log({
      severity: "info",
      text: `${formatReference(identity)} was created by an interrupted up and is adopted.`,
      urn: write.urn,
    });
    return { identity, live };
  });
}

/** Applies the manifest to the object; one that was deleted in the meantime is created again. */
export async function updateObject(cluster: ProviderCluster, write: ObjectWrite): Promise<WriteResult> {
  return cluster.retryForResource(write.urn, async () => {
    const identity = await cluster.resolveReference(write.manifest, write.type);
    return { identity, live: await applyWrite(cluster, identity, write) };
  });
}

async function applyWrite(
  cluster: ProviderCluster,
  identity: ObjectReference,
  { manifest, manager }: ObjectWrite,
): Promise<Properties> {
  const force = isAnnotationSet(manifest, "pulumi.com/patchForce");
  try {
    return await (
      await cluster.openDynamicClient()
    ).applyManifest(identity, manifest, { manager, force, dryRun: false });
  } catch (error) {
    throw explainApplyError(error, identity);
  }
}

/** Adds a remedy to the message of the API server. The error keeps its class, on which retries depend. */
function explainApplyError(error: unknown, identity: ObjectReference): unknown {
  if (!(error instanceof Error)) return error;
  if (isConflictError(error)) {
    error.message =
      `${formatReference(identity)}: ${error.message}\nSomeone else has set these fields since. ` +
      'To take them back, annotate the object with pulumi.com/patchForce: "true"; to leave them, use ignoreChanges.';
  } else if (isInvalidObject(error) && /immutable|may not be changed|forbidden: updates/i.test(error.message)) {
    error.message =
      `${formatReference(identity)}: ${error.message}\nThe field cannot change in place; ` +
      "give the object a new name, or use replaceOnChanges with deleteBeforeReplace.";
  } else if (!error.message.startsWith(identity.kind)) {
    error.message = `${formatReference(identity)}: ${error.message}`;
  }
  return error;
}

/**
 * Validates a manifest without writing.
 * @throws ApiError only if the object is invalid, which no later change of the cluster can fix
 */
export async function validateWrite(cluster: ProviderCluster, { manifest, type, manager }: ObjectWrite): Promise<void> {
  try {
    const identity = await cluster.resolveReference(manifest, type);
    if ((await cluster.findLiveObject(identity)) === undefined)
      await cluster.simulateApply(identity, manifest, manager);
  } catch (error) {
    if (isInvalidObject(error)) throw error;
  }
}

// With skipAwait, the deletion of these kinds is not awaited, as in the vendor's plugin.
const kindsWithoutDeletionWait = [
  "Namespace",
  "Pod",
  "ReplicationController",
  "DaemonSet",
  "Deployment",
  "StatefulSet",
  "Job",
];

interface ObjectDeletion {
  readonly urn: string;
  readonly identity: ObjectReference;
  readonly inputs: Properties;
  readonly uid: string;
  readonly timeout: number;
}

/** Deletes the object and waits until it and everything it owns is gone; a missing object or kind is a success. */
export async function deleteObject(
  cluster: ProviderCluster,
  { urn, identity, inputs, uid, timeout }: ObjectDeletion,
): Promise<void> {
  const policy = getTextAt(inputs, "metadata", "annotations", "pulumi.com/deletionPropagationPolicy") || "foreground";
  const propagation = policy.charAt(0).toUpperCase() + policy.slice(1).toLowerCase();
  try {
    await cluster.retryForResource(urn, async () =>
      (await cluster.openDynamicClient()).requestDeletion(identity, propagation).catch(ignoreNotFound),
    );
  } catch (error) {
    if (error instanceof UnreachableError)
      throw new Error(
        `${error.message}. If the cluster is gone for good, remove the stack's state with ` +
          "`pulumi stack rm --force`.",
      );
    throw error;
  }
  if (isAnnotationSet(inputs, "pulumi.com/skipAwait") && kindsWithoutDeletionWait.includes(identity.kind)) return;
  await awaitGone(cluster, identity, { uid, timeout, urn });
}

function ignoreNotFound(error: unknown): void {
  if (!isMissingObjectError(error)) throw error;
}
