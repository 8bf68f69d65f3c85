import type { Properties } from "../protocol/propertyValues.ts";
import { getListAt, getTextAt } from "../protocol/propertyValues.ts";
import type { ApiCall, ApiConnection, ApiResponse } from "./apiConnection.ts";
import { ApiError, KindNotServedError } from "./providerErrors.ts";
import type { ObjectReference, ObjectKind } from "./objectKind.ts";

interface KindEndpoint {
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface ApplyOptions {
  readonly manager: string;
  readonly force: boolean;
  readonly dryRun: boolean;
}

function buildApiRoot(apiVersion: string) {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Reads and writes objects of any kind; which kinds there are is asked once per API version, and again for an unknown kind. */
export class DynamicClient {
  private readonly connection: ApiConnection;
  private readonly onWarning: (text: string) => void;
  private readonly endpointsByVersion = new Map<string, Promise<Map<string, KindEndpoint>>>();

  constructor(connection: ApiConnection, onWarning: (text: string) => void) {
    this.connection = connection;
    this.onWarning = onWarning;
  }

  /** Is the kind namespaced? Errors: NotServed. */
  async isNamespaced(kind: ObjectKind): Promise<boolean> {
    return (await this.findEndpoint(kind)).namespaced;
  }

  async fetchObject(identity: ObjectReference): Promise<Properties> {
    return (await this.sendApiCall({ method: "GET", path: await this.buildObjectPath(identity) })).body;
  }

  /** Server-side apply. Errors: ApiFailure 409 where another manager owns a field that would change. */
  async applyManifest(
    identity: ObjectReference,
    body: Properties,
    { manager, force, dryRun }: ApplyOptions,
  ): Promise<Properties> {
    const query = {
      fieldManager: manager,
      force: String(force),
      fieldValidation: "Warn",
      ...(dryRun ? { dryRun: "All" } : {}),
    };
    const path = await this.buildObjectPath(identity);
    const reply = await this.sendApiCall({
      method: "PATCH",
      path,
      query,
      body,
      contentType: "application/apply-patch+yaml",
    });
    if (!dryRun) reply.warnings.forEach(this.onWarning);
    return reply.body;
  }

  /** Asks for deletion; the object goes when its finalizers allow. */
  async requestDeletion(identity: ObjectReference, propagationPolicy: string): Promise<void> {
    const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy };
    await this.sendApiCall({ method: "DELETE", path: await this.buildObjectPath(identity), body });
  }

  /** Warning events of a namespace, as they come. */
  async listWarningEvents(namespace: string): Promise<Properties[]> {
    const path = `/api/v1/namespaces/${namespace || "default"}/events`;
    const reply = await this.sendApiCall({
      method: "GET",
      path,
      query: { fieldSelector: "type=Warning", limit: "500" },
    });
    return getListAt(reply.body, "items") as Properties[];
  }

  private sendApiCall(call: ApiCall): Promise<ApiResponse> {
    return this.connection.callApi(call);
  }

  private async buildObjectPath({ apiVersion, kind, namespace, name }: ObjectReference): Promise<string> {
    const { plural, namespaced } = await this.findEndpoint({ apiVersion, kind });
    const within = namespaced ? `/namespaces/${encodeURIComponent(namespace || "default")}` : "";
    return `${buildApiRoot(apiVersion)}${within}/${plural}/${encodeURIComponent(name)}`;
  }

  private async findEndpoint(kind: ObjectKind): Promise<KindEndpoint> {
    const known = (await this.discoverKinds(kind.apiVersion)).get(kind.kind);
    if (known !== undefined) return known;
    this.endpointsByVersion.delete(kind.apiVersion);
    const found = (await this.discoverKinds(kind.apiVersion)).get(kind.kind);
    if (found !== undefined) return found;
    this.endpointsByVersion.delete(kind.apiVersion);
    throw new KindNotServedError(
      `the API server has no kind ${kind.kind} in ${kind.apiVersion}: is its CustomResourceDefinition installed?`,
    );
  }

  private discoverKinds(apiVersion: string): Promise<Map<string, KindEndpoint>> {
    const asked = this.endpointsByVersion.get(apiVersion) ?? this.fetchKinds(apiVersion);
    this.endpointsByVersion.set(apiVersion, asked);
    asked.catch(() => this.endpointsByVersion.delete(apiVersion));
    return asked;
  }

  private async fetchKinds(apiVersion: string): Promise<Map<string, KindEndpoint>> {
    try {
      const { body } = await this.sendApiCall({ method: "GET", path: buildApiRoot(apiVersion) });
      return parseKindEndpoints(body);
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return new Map();
      throw error;
    }
  }
}

/** Kinds of an APIResourceList, without subresources such as deployments/scale. */
export function parseKindEndpoints(list: Properties): Map<string, KindEndpoint> {
  const resources = getListAt(list, "resources") as Properties[];
  const whole = resources.filter((resource) => !getTextAt(resource, "name").includes("/"));
  return new Map(
    whole.map((resource) => [
      getTextAt(resource, "kind"),
      { plural: getTextAt(resource, "name"), namespaced: resource["namespaced"] === true },
    ]),
  );
}
