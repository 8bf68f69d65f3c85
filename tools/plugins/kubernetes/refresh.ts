import type { ReadRequest, ReadResult } from "../protocol/provider.ts";
import { hasUnknown } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import type { Cluster } from "./cluster.ts";
import { isForbidden, isRefusal } from "./failure.ts";
import { kindOf, parseId } from "./kind.ts";
import type { Identity } from "./kind.ts";
import { importedInputs, manifestOf, pruned, recordOf, withSecrets } from "./manifest.ts";

/** The object as it is now; undefined when it is gone. Without inputs (import) all of it becomes the inputs. */
export async function readObject(cluster: Cluster, { id, type, urn, inputs, outputs }: ReadRequest): Promise<ReadResult | undefined> {
  const identity = { ...kindOf(inputs?.value ?? outputs?.value, type), ...parseId(id) };
  const live = await cluster.patiently(urn, () => cluster.find(identity));
  if (live === undefined) return undefined;
  const manager = cluster.managerOf(urn, inputs?.value ?? {}, outputs?.value);
  const described = inputs === undefined ? importedInputs(live) : await currentInputs(cluster, { urn, identity, live, inputs: inputs.value, manager });
  return {
    id,
    inputs: withSecrets(described, inputs?.secrets ?? []),
    outputs: withSecrets(recordOf(live, manager), inputs?.secrets ?? []),
  };
}

interface Seen {
  urn: string;
  identity: Identity;
  live: Properties;
  inputs: Properties;
  manager: string;
}

/** The recorded inputs while they still describe the object, in whatever notation; else the live values of their fields. */
async function currentInputs(cluster: Cluster, { urn, identity, live, inputs, manager }: Seen): Promise<Properties> {
  if (hasUnknown(inputs)) return inputs;
  const same = cluster.patiently(urn, () => cluster.isSame(identity, manifestOf(inputs), { live, manager }));
  return (await same.catch(unlessRefused)) ? inputs : pruned(live, inputs);
}

/** Inputs that the API server refuses today do not describe the object; that it does not answer says nothing of them. */
function unlessRefused(error: unknown): boolean {
  if (isRefusal(error) || isForbidden(error)) return false;
  throw error;
}
