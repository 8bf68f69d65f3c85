import type { EngineLog } from "../protocol/engineLog.ts";
import { isUnknown, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";
import { diffValues } from "../protocol/changes.ts";
import { connectToApiServer } from "./apiConnection.ts";
import {
  KindNotServedError,
  UnreachableError,
  computeOutageLimit,
  computeOutageSeconds,
  isMissingObjectError,
} from "./providerErrors.ts";
import { resolveKind } from "./objectKind.ts";
import type { ObjectReference } from "./objectKind.ts";
import { extractAppliedPart } from "./resourceManifest.ts";
import { chooseFieldManager, setMetadata } from "./objectMetadata.ts";
import { DynamicClient } from "./dynamicClient.ts";
import type { ProviderSettings } from "./providerSettings.ts";
import { formatOutage, retryTransientFailures } from "./retry.ts";

/** The cluster of a provider, connected on first use, with the operations that its resources need. */
export class ProviderCluster {
  readonly settings: ProviderSettings;
  readonly cancel: AbortSignal;
  readonly log: EngineLog;
  private dynamicClient: Promise<DynamicClient> | undefined;
  private announcedOutageMs = 0;

  constructor(settings: ProviderSettings, cancel: AbortSignal, log: EngineLog) {
    this.settings = settings;
    this.cancel = cancel;
    this.log = log;
  }

  openDynamicClient(): Promise<DynamicClient> {
    const logWarning = (text: string) => this.log({ severity: "warning", text, urn: "" });
    this.dynamicClient ??= connectToApiServer(this.settings).then(
      (connection) => new DynamicClient(connection, logWarning),
    );
    return this.dynamicClient;
  }

  /** Returns the field manager of a resource; `outputs` are the recorded ones of an existing resource. */
  selectFieldManager(urn: string, inputs: Properties, outputs?: Properties): string {
    return chooseFieldManager({ urn, provider: this.settings.id }, inputs, outputs);
  }

  /**
   * Determines the identity of a manifest's object.
   * @throws KindNotServedError
   * @throws UnreachableError
   */
  async resolveReference(manifest: Properties, type: string): Promise<ObjectReference> {
    const kind = resolveKind(manifest, type);
    const namespaced = await (await this.openDynamicClient()).isNamespaced(kind);
    return readReference(manifest, type, namespaced ? this.settings.namespace || "default" : "");
  }

  /** Returns the live object, or undefined if it or its kind does not exist. */
  async findLiveObject(identity: ObjectReference): Promise<Properties | undefined> {
    try {
      return await (await this.openDynamicClient()).fetchObject(identity);
    } catch (error) {
      if (isMissingObjectError(error)) return undefined;
      throw error;
    }
  }

  /** Returns the object after a dry run of an apply, including fields that others own. */
  async simulateApply(identity: ObjectReference, manifest: Properties, manager: string): Promise<Properties> {
    return (await this.openDynamicClient()).applyManifest(identity, manifest, { manager, force: true, dryRun: true });
  }

  /** True if an apply would not change the live object. */
  async isApplyNoOp(
    identity: ObjectReference,
    manifest: Properties,
    { live, manager }: { live: Properties; manager: string },
  ): Promise<boolean> {
    const applied = await this.simulateApply(identity, manifest, manager);
    return diffValues(extractAppliedPart(live), extractAppliedPart(applied)).length === 0;
  }

  /** Retries an action after transient failures and shows their reasons beside the resource. */
  retryForResource<T>(urn: string, action: () => Promise<T>, computeSeconds?: (error: Error) => number): Promise<T> {
    const onRetry = (error: Error) => {
      this.announceOutage(error, urn);
      this.log({ severity: "info", text: `retrying: ${error.message}`, urn, status: true });
    };
    return retryTransientFailures(action, {
      cancel: this.cancel,
      onRetry,
      ...(computeSeconds !== undefined && { computeSeconds }),
    });
  }

  /** Logs one line that is kept about each outage, however many resources it interrupts. */
  announceOutage(error: unknown, urn: string): void {
    if (!(error instanceof Error)) return;
    const seconds = computeOutageLimit(error);
    if (seconds === 0 || Date.now() - this.announcedOutageMs < seconds * 1000) return;
    this.announcedOutageMs = Date.now();
    this.log({ severity: "info", text: formatOutage(error), urn });
  }
}

/** `namespace` is the one to use if the manifest names none; "" for cluster-wide kinds. */
function readReference(manifest: Properties, type: string, namespace: string): ObjectReference {
  const name = getTextAt(manifest, "metadata", "name");
  const declared = getTextAt(manifest, "metadata", "namespace");
  return { ...resolveKind(manifest, type), name, namespace: namespace === "" ? "" : declared || namespace };
}

/** Adds the provider's namespace if the kind is namespaced and the program names none. */
export async function addDefaultNamespace(
  inputs: Properties,
  type: string,
  cluster: ProviderCluster,
): Promise<Properties> {
  const named = getTextAt(inputs, "metadata", "namespace") !== "" || isUnknown(inputs["metadata"]);
  if (cluster.settings.namespace === "" || named) return inputs;
  const client = await cluster.openDynamicClient();
  const askServer = () => client.isNamespaced(resolveKind(inputs, type));
  const namespaced = await cluster.retryForResource("", askServer, computeOutageSeconds).catch((error: unknown) => {
    // Most kinds that are not served yet are custom resources, and most of those are namespaced.
    if (error instanceof KindNotServedError || error instanceof UnreachableError) return true;
    throw error;
  });
  return namespaced ? setMetadata(inputs, "namespace", cluster.settings.namespace) : inputs;
}
