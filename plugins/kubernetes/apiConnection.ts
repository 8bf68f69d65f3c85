import http from "node:http";
import https from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { formatError } from "../protocol/formatError.ts";
import { getObjectAt, getTextAt, isObject } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";
import { ApiError, UnreachableError, extendOutage, silentServerCode } from "./providerErrors.ts";
import type { ServerOutage } from "./providerErrors.ts";

interface ApiCall {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly body?: Properties;
  readonly contentType?: string;
  /** The longest silence of the server, in milliseconds; a minute by default. */
  readonly timeoutMs?: number;
}

interface ApiResponse {
  readonly status: number;
  readonly body: Properties;
  /** The server's `Warning` headers: deprecated versions, unknown fields. */
  readonly warnings: string[];
}

export interface ClusterAccess {
  /** Content of a kubeconfig, or its path; undefined for $KUBECONFIG and ~/.kube/config. */
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly cluster: string | undefined;
}

const defaultTimeoutMs = 60_000;

/** Requests to one API server, on connections that are kept open. */
export class ApiConnection {
  readonly server: string;
  private readonly config: KubeConfig;
  private outage: ServerOutage | undefined;
  private hasAnswered = false;
  private readonly agents = {
    "http:": new http.Agent({ keepAlive: true }),
    "https:": new https.Agent({ keepAlive: true }),
  };

  constructor(config: KubeConfig) {
    const server = config.getCurrentCluster()?.server;
    if (server === undefined)
      throw new Error("kubeconfig: no cluster selected; set its current context, or the provider's `context`.");
    this.config = config;
    this.server = server;
  }

  /**
   * @throws ApiError for a response with status 400 or above
   * @throws UnreachableError if there is no response
   */
  async callApi(call: ApiCall): Promise<ApiResponse> {
    try {
      const response = await this.sendHttpRequest(call);
      if (response.status >= 400) throw new ApiError(response.status, response.body);
      this.outage = undefined;
      this.hasAnswered = true;
      return response;
    } catch (error) {
      this.outage = extendOutage(this.outage, error, this.hasAnswered);
      throw error;
    }
  }

  private async sendHttpRequest(call: ApiCall): Promise<ApiResponse> {
    const { method, path, query, body, contentType, timeoutMs = defaultTimeoutMs } = call;
    const url = new URL(this.server.replace(/\/$/, "") + path);
    url.search = new URLSearchParams(query).toString();
    const secure = url.protocol === "https:";
    const options: https.RequestOptions = { method, headers: { accept: "application/json" }, timeout: timeoutMs };
    await this.config.applyToHTTPSOptions(options);
    if (this.config.getCurrentCluster()?.proxyUrl === undefined)
      options.agent = this.agents[secure ? "https:" : "http:"];
    const text = body === undefined ? undefined : JSON.stringify(body);
    const content = {
      "content-type": contentType ?? "application/json",
      "content-length": Buffer.byteLength(text ?? ""),
    };
    const headers = { ...(options.headers as http.OutgoingHttpHeaders), ...(text === undefined ? {} : content) };
    return performHttpRequest((secure ? https : http).request(url, { ...options, headers }), {
      text,
      timeoutMs,
      address: url.origin,
    });
  }
}

function performHttpRequest(
  request: http.ClientRequest,
  { text, timeoutMs, address }: { text: string | undefined; timeoutMs: number; address: string },
): Promise<ApiResponse> {
  return new Promise((resolve, reject) => {
    const rejectUnreachable = (error: Error) =>
      reject(
        new UnreachableError(`the cluster does not answer at ${address}: ${formatError(error)}`, { cause: error }),
      );
    request.on("timeout", () => {
      // A busy server accepts connections; at an address that drops packets nobody does.
      const code = request.socket?.connecting === false ? silentServerCode : undefined;
      request.destroy(Object.assign(new Error(`no response within ${timeoutMs / 1000} s`), { code }));
    });
    request.on("error", rejectUnreachable);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", rejectUnreachable);
      response.on("end", () => resolve(parseApiResponse(response, Buffer.concat(chunks).toString())));
    });
    request.end(text);
  });
}

function parseApiResponse({ statusCode = 0, headers }: http.IncomingMessage, text: string): ApiResponse {
  return { status: statusCode, body: parseJsonBody(text), warnings: parseWarningHeader(headers["warning"]) };
}

function parseJsonBody(text: string): Properties {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : { message: text };
  } catch {
    return { message: text.trim() };
  }
}

/** Extracts the texts of a header such as `299 - "text", 299 - "text"`. */
export function parseWarningHeader(header: string | string[] | undefined): string[] {
  const lines = [header ?? []].flat();
  return lines.flatMap((line) =>
    [...line.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => text.replace(/\\(.)/g, "$1")),
  );
}

/**
 * Opens a connection to the cluster of a kubeconfig.
 * @throws Error that names the unknown context and those that exist
 */
export async function connectToApiServer({ kubeconfig, context, cluster }: ClusterAccess): Promise<ApiConnection> {
  // Imported on first use: it takes half a second, for which the engine would otherwise wait at its start.
  const { KubectlConfig } = await import("./kubectlConfig.ts");
  const config = new KubectlConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else if (/[\n{]/.test(kubeconfig)) config.loadFromString(kubeconfig);
  else config.loadFromFile(kubeconfig);
  if (context !== undefined) config.setCurrentContext(context);
  const contextObject = config.getContextObject(config.getCurrentContext());
  if (contextObject === null) {
    const names = config.getContexts().map(({ name }) => name);
    throw new Error(`kubeconfig: no context "${config.getCurrentContext()}"; it has: ${names.join(", ") || "none"}.`);
  }
  if (cluster !== undefined) Object.assign(contextObject, { cluster });
  return new ApiConnection(config);
}

/** Returns the cluster entry of a context; its server and certificate authority identify the cluster. */
export function findClusterEntry(kubeconfig: Properties, context: string): Properties {
  const findNamedEntry = (list: string, name: string) => {
    const items = kubeconfig[list];
    return Array.isArray(items) ? items.find((item) => getTextAt(item, "name") === name) : undefined;
  };
  const current = findNamedEntry("contexts", context || getTextAt(kubeconfig, "current-context"));
  const entry = findNamedEntry("clusters", getTextAt(current, "context", "cluster"));
  return getObjectAt(entry, "cluster");
}
