import type { Properties } from "../protocol/values.ts";
import { listAt, textAt } from "../protocol/values.ts";
import type { Call, Connection, Reply } from "./connection.ts";
import { ApiFailure, NotServed } from "./failure.ts";
import type { Identity, Kind } from "./kind.ts";

interface Endpoint {
  plural: string;
  namespaced: boolean;
}

export interface ApplyOptions {
  manager: string;
  force: boolean;
  dryRun: boolean;
}

const base = (apiVersion: string) => (apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`);

/** Reads and writes objects of any kind; which kinds there are is asked once per API version, and again for an unknown kind. */
export class Objects {
  private readonly connection: Connection;
  private readonly onWarning: (text: string) => void;
  private readonly served = new Map<string, Promise<Map<string, Endpoint>>>();

  constructor(connection: Connection, onWarning: (text: string) => void) {
    this.connection = connection;
    this.onWarning = onWarning;
  }

  /** Is the kind namespaced? Errors: NotServed. */
  async isNamespaced(kind: Kind): Promise<boolean> {
    return (await this.endpoint(kind)).namespaced;
  }

  async get(identity: Identity): Promise<Properties> {
    return (await this.call({ method: "GET", path: await this.pathOf(identity) })).body;
  }

  /** Server-side apply. Errors: ApiFailure 409 where another manager owns a field that would change. */
  async apply(identity: Identity, body: Properties, { manager, force, dryRun }: ApplyOptions): Promise<Properties> {
    const query = { fieldManager: manager, force: String(force), fieldValidation: "Warn", ...(dryRun ? { dryRun: "All" } : {}) };
    const path = await this.pathOf(identity);
    const reply = await this.call({ method: "PATCH", path, query, body, contentType: "application/apply-patch+yaml" });
    if (!dryRun) reply.warnings.forEach(this.onWarning);
    return reply.body;
  }

  /** Asks for deletion; the object goes when its finalizers allow. */
  async delete(identity: Identity, propagationPolicy: string): Promise<void> {
    const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy };
    await this.call({ method: "DELETE", path: await this.pathOf(identity), body });
  }

  /** Warning events of a namespace, as they come. */
  async warnings(namespace: string): Promise<Properties[]> {
    const path = `/api/v1/namespaces/${namespace || "default"}/events`;
    const reply = await this.call({ method: "GET", path, query: { fieldSelector: "type=Warning", limit: "500" } });
    return listAt(reply.body, "items") as Properties[];
  }

  private call(call: Call): Promise<Reply> {
    return this.connection.call(call);
  }

  private async pathOf({ apiVersion, kind, namespace, name }: Identity): Promise<string> {
    const { plural, namespaced } = await this.endpoint({ apiVersion, kind });
    const within = namespaced ? `/namespaces/${encodeURIComponent(namespace || "default")}` : "";
    return `${base(apiVersion)}${within}/${plural}/${encodeURIComponent(name)}`;
  }

  private async endpoint(kind: Kind): Promise<Endpoint> {
    const known = (await this.discover(kind.apiVersion)).get(kind.kind);
    if (known !== undefined) return known;
    this.served.delete(kind.apiVersion);
    const found = (await this.discover(kind.apiVersion)).get(kind.kind);
    if (found !== undefined) return found;
    this.served.delete(kind.apiVersion);
    throw new NotServed(`the API server has no kind ${kind.kind} in ${kind.apiVersion}: is its CustomResourceDefinition installed?`);
  }

  private discover(apiVersion: string): Promise<Map<string, Endpoint>> {
    const asked = this.served.get(apiVersion) ?? this.ask(apiVersion);
    this.served.set(apiVersion, asked);
    asked.catch(() => this.served.delete(apiVersion));
    return asked;
  }

  private async ask(apiVersion: string): Promise<Map<string, Endpoint>> {
    try {
      const { body } = await this.call({ method: "GET", path: base(apiVersion) });
      return endpointsOf(body);
    } catch (error) {
      if (error instanceof ApiFailure && error.code === 404) return new Map();
      throw error;
    }
  }
}

/** Kinds of an APIResourceList, without subresources such as deployments/scale. */
export function endpointsOf(list: Properties): Map<string, Endpoint> {
  const resources = listAt(list, "resources") as Properties[];
  const whole = resources.filter((resource) => !textAt(resource, "name").includes("/"));
  return new Map(whole.map((resource) => [textAt(resource, "kind"), { plural: textAt(resource, "name"), namespaced: resource["namespaced"] === true }]));
}
