import type { Properties } from "../protocol/propertyValues.ts";
import { getListAt, getTextAt } from "../protocol/propertyValues.ts";
import type { ApiConnection } from "./apiConnection.ts";
import { ApiError, KindNotServedError } from "./providerErrors.ts";
import type { ObjectReference, ObjectKind } from "./objectKind.ts";

interface KindEndpoint {
  readonly plural: string;
  readonly namespaced: boolean;
}

interface ApplyOptions {
  readonly manager: string;
  readonly force: boolean;
  readonly dryRun: boolean;
}

function buildApiRoot(apiVersion: string) {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Reads and writes objects of any kind. Kinds are discovered once per API version, and again for an unknown kind. */
export class DynamicClient {
  private readonly connection: ApiConnection;
  private readonly onWarning: (text: string) => void;
  private readonly endpointsByVersion = new Map<string, Promise<Map<string, KindEndpoint>>>();

  constructor(connection: ApiConnection, onWarning: (text: string) => void) {
    this.connection = connection;
    this.onWarning = onWarning;
  }

  /** @throws KindNotServedError if the API server does not serve the kind */
  async isNamespaced(kind: ObjectKind): Promise<boolean> {
    return (await this.findEndpoint(kind)).namespaced;
  }

  async fetchObject(identity: ObjectReference): Promise<Properties> {
    return (await this.connection.callApi({ method: "GET", path: await this.buildObjectPath(identity) })).body;
  }

  /**
   * Writes an object by server-side apply.
   * @throws ApiError with code 409 if another manager owns a field that would change
   */
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
    const response = await this.connection.callApi({
      method: "PATCH",
      path,
      query,
      body,
      contentType: "application/apply-patch+yaml",
    });
    if (!dryRun) response.warnings.forEach(this.onWarning);
    return response.body;
  }

  /** Requests deletion; the object is removed once its finalizers are. */
  async requestDeletion(identity: ObjectReference, propagationPolicy: string): Promise<void> {
    const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy };
    await this.connection.callApi({ method: "DELETE", path: await this.buildObjectPath(identity), body });
  }

  /** Lists up to 500 warning events of a namespace, in no particular order. */
  async listWarningEvents(namespace: string): Promise<Properties[]> {
    const path = `/api/v1/namespaces/${namespace || "default"}/events`;
    const response = await this.connection.callApi({
      method: "GET",
      path,
      query: { fieldSelector: "type=Warning", limit: "500" },
    });
    return getListAt(response.body, "items") as Properties[];
  }

  private async buildObjectPath({ apiVersion, kind, namespace, name }: ObjectReference): Promise<string> {
    const { plural, namespaced } = await this.findEndpoint({ apiVersion, kind });
    const namespacePath = namespaced ? `/namespaces/${encodeURIComponent(namespace || "default")}` : "";
    return `${buildApiRoot(apiVersion)}${namespacePath}/${plural}/${encodeURIComponent(name)}`;
  }

  private async findEndpoint(kind: ObjectKind): Promise<KindEndpoint> {
    const cached = (await this.discoverKinds(kind.apiVersion)).get(kind.kind);
    if (cached !== undefined) return cached;
    this.endpointsByVersion.delete(kind.apiVersion);
    const endpoint = (await this.discoverKinds(kind.apiVersion)).get(kind.kind);
    if (endpoint !== undefined) return endpoint;
    this.endpointsByVersion.delete(kind.apiVersion);
    throw new KindNotServedError(
      `the API server does not serve kind ${kind.kind} of ${kind.apiVersion}; install its CustomResourceDefinition.`,
    );
  }

  private discoverKinds(apiVersion: string): Promise<Map<string, KindEndpoint>> {
    const endpoints = this.endpointsByVersion.get(apiVersion) ?? this.fetchKinds(apiVersion);
    this.endpointsByVersion.set(apiVersion, endpoints);
    endpoints.catch(() => this.endpointsByVersion.delete(apiVersion));
    return endpoints;
  }

  private async fetchKinds(apiVersion: string): Promise<Map<string, KindEndpoint>> {
    try {
      const { body } = await this.connection.callApi({ method: "GET", path: buildApiRoot(apiVersion) });
      return parseKindEndpoints(body);
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return new Map();
      throw error;
    }
  }
}

/** Parses the kinds of an APIResourceList, without subresources such as deployments/scale. */
function parseKindEndpoints(list: Properties): Map<string, KindEndpoint> {
  const resources = getListAt(list, "resources") as Properties[];
  const kinds = resources.filter((resource) => !getTextAt(resource, "name").includes("/"));
  return new Map(
    kinds.map((resource) => [
      getTextAt(resource, "kind"),
      { plural: getTextAt(resource, "name"), namespaced: resource["namespaced"] === true },
    ]),
  );
}
