import { getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";
import { awaitGone } from "./awaitObjects.ts";
import type { ProviderCluster } from "./providerCluster.ts";
import { UnreachableError, isConflictError, isMissingObjectError, isInvalidObject } from "./providerErrors.ts";
import { isAnnotationSet, formatReference } from "./objectKind.ts";
import type { ObjectReference } from "./objectKind.ts";
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
 * Makes the object. One that is there already is an error, unless this very resource, of this very state, left it, unchanged: then an
 * earlier `up` was killed before it could record it. One that is being deleted is waited for first.
 */
export async function createObject(cluster: ProviderCluster, write: ObjectWrite): Promise<WriteResult> {
  return cluster.retryForResource(write.urn, async () => {
    const identity = await cluster.resolveReference(write.manifest, write.type);
    const live = await cluster.findLiveObject(identity);
    const leaving = live !== undefined && getTextAt(live, "metadata", "deletionTimestamp") !== "";
    if (leaving)
      await awaitGone(cluster, identity, {
        uid: getTextAt(live, "metadata", "uid"),
        timeout: write.timeout,
        urn: write.urn,
      });
    if (live === undefined || leaving) return { identity, live: await applyWrite(cluster, identity, write) };
    if (!isAppliedBy(live, write.manager)) throw buildForeignObjectError(identity, live);
    if (!(await cluster.isApplyNoOp(identity, write.manifest, { live, manager: write.manager })))
      throw buildInterruptedUpError(identity);
    cluster.log({
      severity: "info",
      text: `${formatReference(identity)} was made by an interrupted up; adopted.`,
      urn: write.urn,
    });
    return { identity, live };
  });
}

/** Brings the object to its manifest; one that was deleted behind our back is made again. */
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

/** Adds the way out to what the API server says. The error keeps its class: retries go by it. */
function explainApplyError(error: unknown, identity: ObjectReference): unknown {
  if (!(error instanceof Error)) return error;
  if (isConflictError(error)) {
    error.message = `${formatReference(identity)}: ${error.message}\nSomeone else set these fields since. To take them back, annotate the object with pulumi.com/patchForce: "true"; to leave them, use ignoreChanges.`;
  } else if (isInvalidObject(error) && /immutable|may not be changed|forbidden: updates/i.test(error.message)) {
    error.message = `${formatReference(identity)}: ${error.message}\nThe field cannot change in place: give the object a new name, or use replaceOnChanges with deleteBeforeReplace.`;
  } else if (!error.message.startsWith(identity.kind)) {
    error.message = `${formatReference(identity)}: ${error.message}`;
  }
  return error;
}

/** Validates a manifest without writing. Only what no later step can heal is an error. */
export async function validateWrite(cluster: ProviderCluster, { manifest, type, manager }: ObjectWrite): Promise<void> {
  try {
    const identity = await cluster.resolveReference(manifest, type);
    if ((await cluster.findLiveObject(identity)) === undefined)
      await cluster.simulateApply(identity, manifest, manager);
  } catch (error) {
    if (isInvalidObject(error)) throw error;
  }
}

// Kinds that the vendor's plugin does not wait for on deletion either, when they carry skipAwait.
const kindsWithoutDeletionWait = [
  "Namespace",
  "Pod",
  "ReplicationController",
  "DaemonSet",
  "Deployment",
  "StatefulSet",
  "Job",
];

export interface ObjectDeletion {
  readonly urn: string;
  readonly identity: ObjectReference;
  readonly inputs: Properties;
  readonly uid: string;
  readonly timeout: number;
}

/** Deletes the object and waits until it is gone, with all that it owns. Gone already, or its kind is: done. */
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
        `${error.message}. If the cluster is gone for good, remove the stack's state with \`pulumi stack rm --force\`.`,
      );
    throw error;
  }
  if (isAnnotationSet(inputs, "pulumi.com/skipAwait") && kindsWithoutDeletionWait.includes(identity.kind)) return;
  await awaitGone(cluster, identity, { uid, timeout, urn });
}

function ignoreNotFound(error: unknown): void {
  if (!isMissingObjectError(error)) throw error;
}
