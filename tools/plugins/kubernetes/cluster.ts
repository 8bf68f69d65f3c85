import type { Log } from "../protocol/log.ts";
import { isUnknown, textAt } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { changesBetween } from "../protocol/changes.ts";
import { connect } from "./connection.ts";
import { NotServed, Unreachable, isNotFound } from "./failure.ts";
import { kindOf } from "./kind.ts";
import type { Identity } from "./kind.ts";
import { appliedPart } from "./manifest.ts";
import { fieldManagerOf, setMetadata } from "./names.ts";
import { Objects } from "./objects.ts";
import type { Settings } from "./settings.ts";
import { patiently } from "./wait.ts";

/** Which cluster a provider works on, opened when first needed, and the ways in which its resources use it. */
export class Cluster {
  readonly settings: Settings;
  readonly cancel: AbortSignal;
  readonly log: Log;
  private opened: Promise<Objects> | undefined;

  constructor(settings: Settings, cancel: AbortSignal, log: Log) {
    this.settings = settings;
    this.cancel = cancel;
    this.log = log;
  }

  objects(): Promise<Objects> {
    const onWarning = (text: string) => this.log({ severity: "warning", text, urn: "" });
    this.opened ??= connect(this.settings).then((connection) => new Objects(connection, onWarning));
    return this.opened;
  }

  /** Under which field manager a resource writes; `outputs` are those recorded, where it was made before. */
  managerOf(urn: string, inputs: Properties, outputs?: Properties): string {
    return fieldManagerOf({ urn, provider: this.settings.id }, inputs, outputs);
  }

  /** Where a manifest's object lives. Errors: NotServed, Unreachable. */
  async identify(manifest: Properties, type: string): Promise<Identity> {
    const kind = kindOf(manifest, type);
    const namespaced = await (await this.objects()).isNamespaced(kind);
    return identityIn(manifest, type, namespaced ? this.settings.namespace || "default" : "");
  }

  /** The live object, or undefined when it, or its kind, is gone. */
  async find(identity: Identity): Promise<Properties | undefined> {
    try {
      return await (await this.objects()).get(identity);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** What the object would be after an apply, fields that others own included. Nothing is written. */
  async rehearse(identity: Identity, manifest: Properties, manager: string): Promise<Properties> {
    return (await this.objects()).apply(identity, manifest, { manager, force: true, dryRun: true });
  }

  /** Would an apply leave the live object as it is? */
  async isSame(identity: Identity, manifest: Properties, { live, manager }: { live: Properties; manager: string }): Promise<boolean> {
    const after = await this.rehearse(identity, manifest, manager);
    return changesBetween(appliedPart(live), appliedPart(after)).length === 0;
  }

  /** Repeats what fails for a reason that passes, and shows the reason beside the resource. */
  patiently<T>(urn: string, action: () => Promise<T>): Promise<T> {
    const onRetry = (error: Error) => this.log({ severity: "info", text: `trying again: ${error.message}`, urn, status: true });
    return patiently(action, { cancel: this.cancel, onRetry });
  }
}

/** `namespace` is the one to use where the manifest names none; "" for cluster-wide kinds. */
export function identityIn(manifest: Properties, type: string, namespace: string): Identity {
  const name = textAt(manifest, "metadata", "name");
  const own = textAt(manifest, "metadata", "namespace");
  return { ...kindOf(manifest, type), name, namespace: namespace === "" ? "" : own || namespace };
}

/** Inputs with the provider's namespace where the kind is namespaced and the program names none. */
export async function withNamespace(inputs: Properties, type: string, cluster: Cluster): Promise<Properties> {
  const named = textAt(inputs, "metadata", "namespace") !== "" || isUnknown(inputs["metadata"]);
  if (cluster.settings.namespace === "" || named) return inputs;
  const namespaced = await (await cluster.objects()).isNamespaced(kindOf(inputs, type)).catch((error: unknown) => {
    // Most kinds that are not served yet are custom resources, and most of those are namespaced.
    if (error instanceof NotServed || error instanceof Unreachable) return true;
    throw error;
  });
  return namespaced ? setMetadata(inputs, "namespace", cluster.settings.namespace) : inputs;
}
