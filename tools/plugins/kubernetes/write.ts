import { textAt } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { awaitGone } from "./await.ts";
import type { Cluster } from "./cluster.ts";
import { Unreachable, isConflict, isNotFound, isRefusal } from "./failure.ts";
import { isAnnotated, printIdentity } from "./kind.ts";
import type { Identity } from "./kind.ts";
import { isOurs, standsOtherwise, standsUnderAnother } from "./owner.ts";

export interface Write {
  urn: string;
  type: string;
  manifest: Properties;
  manager: string;
  timeout: number;
}

export interface Written {
  identity: Identity;
  live: Properties;
}

/**
 * Makes the object. One that is there already is an error, unless this very resource, of this very state, left it, unchanged: then an
 * earlier `up` was killed before it could record it. One that is being deleted is waited for first.
 */
export async function createObject(cluster: Cluster, write: Write): Promise<Written> {
  return cluster.patiently(write.urn, async () => {
    const identity = await cluster.identify(write.manifest, write.type);
    const live = await cluster.find(identity);
    const leaving = live !== undefined && textAt(live, "metadata", "deletionTimestamp") !== "";
    if (leaving) await awaitGone(cluster, identity, { uid: textAt(live, "metadata", "uid"), timeout: write.timeout, urn: write.urn });
    if (live === undefined || leaving) return { identity, live: await apply(cluster, identity, write) };
    if (!isOurs(live, write.manager)) throw standsUnderAnother(identity, live);
    if (!(await cluster.isSame(identity, write.manifest, { live, manager: write.manager }))) throw standsOtherwise(identity);
    cluster.log({ severity: "info", text: `${printIdentity(identity)} was made by an interrupted up; adopted.`, urn: write.urn });
    return { identity, live };
  });
}

/** Brings the object to its manifest; one that was deleted behind our back is made again. */
export async function updateObject(cluster: Cluster, write: Write): Promise<Written> {
  return cluster.patiently(write.urn, async () => {
    const identity = await cluster.identify(write.manifest, write.type);
    return { identity, live: await apply(cluster, identity, write) };
  });
}

async function apply(cluster: Cluster, identity: Identity, { manifest, manager }: Write): Promise<Properties> {
  const force = isAnnotated(manifest, "pulumi.com/patchForce");
  try {
    return await (await cluster.objects()).apply(identity, manifest, { manager, force, dryRun: false });
  } catch (error) {
    throw explained(error, identity);
  }
}

/** Adds the way out to what the API server says. The error keeps its class: retries go by it. */
function explained(error: unknown, identity: Identity): unknown {
  if (!(error instanceof Error)) return error;
  if (isConflict(error)) {
    error.message = `${printIdentity(identity)}: ${error.message}\nSomeone else set these fields since. To take them back, annotate the object with pulumi.com/patchForce: "true"; to leave them, use ignoreChanges.`;
  } else if (isRefusal(error) && /immutable|may not be changed|forbidden: updates/i.test(error.message)) {
    error.message = `${printIdentity(identity)}: ${error.message}\nThe field cannot change in place: give the object a new name, or use replaceOnChanges with deleteBeforeReplace.`;
  } else if (!error.message.startsWith(identity.kind)) {
    error.message = `${printIdentity(identity)}: ${error.message}`;
  }
  return error;
}

/** Validates a manifest without writing. Only what no later step can heal is an error. */
export async function validate(cluster: Cluster, { manifest, type, manager }: Write): Promise<void> {
  try {
    const identity = await cluster.identify(manifest, type);
    if ((await cluster.find(identity)) === undefined) await cluster.rehearse(identity, manifest, manager);
  } catch (error) {
    if (isRefusal(error)) throw error;
  }
}

// Kinds that the vendor's plugin does not wait for on deletion either, when they carry skipAwait.
const unawaited = ["Namespace", "Pod", "ReplicationController", "DaemonSet", "Deployment", "StatefulSet", "Job"];

export interface Deletion {
  urn: string;
  identity: Identity;
  inputs: Properties;
  uid: string;
  timeout: number;
}

/** Deletes the object and waits until it is gone, with all that it owns. Gone already, or its kind is: done. */
export async function deleteObject(cluster: Cluster, { urn, identity, inputs, uid, timeout }: Deletion): Promise<void> {
  const policy = textAt(inputs, "metadata", "annotations", "pulumi.com/deletionPropagationPolicy") || "foreground";
  const propagation = policy.charAt(0).toUpperCase() + policy.slice(1).toLowerCase();
  try {
    await cluster.patiently(urn, async () => (await cluster.objects()).delete(identity, propagation).catch(unlessGone));
  } catch (error) {
    if (error instanceof Unreachable) throw new Error(`${error.message}. If the cluster is gone for good, remove the stack's state with \`pulumi stack rm --force\`.`);
    throw error;
  }
  if (isAnnotated(inputs, "pulumi.com/skipAwait") && unawaited.includes(identity.kind)) return;
  await awaitGone(cluster, identity, { uid, timeout, urn });
}

function unlessGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
