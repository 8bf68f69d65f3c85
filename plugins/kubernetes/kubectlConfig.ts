import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { parse } from "yaml";
import { getListAt, getObjectAt, getTextAt, isObject } from "../protocol/propertyValues.ts";
import type { Properties, PropertyValue } from "../protocol/propertyValues.ts";
import { impersonationHeaders } from "./impersonation.ts";

type LoadArguments = Parameters<KubeConfig["loadFromString"]>;
type HttpsOptions = Parameters<KubeConfig["applyToHTTPSOptions"]>[0];
type ApiRequest = Parameters<KubeConfig["applySecurityAuthentication"]>[0];

/**
 * A kubeconfig with what kubectl supports and the vendor's class does not: `tokenFile`, all of impersonation, and a
 * credential program at a path relative to the kubeconfig.
 */
export class KubectlConfig extends KubeConfig {
  private userSettings = new Map<string, Properties>();

  override loadFromString(...[text, options]: LoadArguments): void {
    super.loadFromString(text, options);
    const entries = getListAt(parse(text) as PropertyValue, "users");
    this.userSettings = new Map(entries.map((entry) => [getTextAt(entry, "name"), getObjectAt(entry, "user")]));
  }

  override makePathsAbsolute(rootDirectory: string): void {
    const root = resolve(rootDirectory);
    super.makePathsAbsolute(root);
    for (const settings of this.userSettings.values()) {
      const tokenFile = getTextAt(settings, "tokenFile");
      if (tokenFile !== "") settings["tokenFile"] = resolve(root, tokenFile);
    }
    for (const { exec } of this.users) {
      // A command without a slash is searched for on PATH.
      if (isObject(exec) && getTextAt(exec, "command").includes("/"))
        exec["command"] = resolve(root, getTextAt(exec, "command"));
    }
  }

  override async applyToHTTPSOptions(options: HttpsOptions): Promise<void> {
    await super.applyToHTTPSOptions(options);
    const headers = { ...(await this.readTokenHeader()), ...this.getImpersonation() };
    Object.assign(options, { headers: { ...options.headers, ...headers } });
  }

  override async applySecurityAuthentication(request: ApiRequest): Promise<void> {
    await super.applySecurityAuthentication(request);
    for (const [name, value] of Object.entries(await this.readTokenHeader())) request.setHeaderParam(name, value);
    addRepeatedHeaders(request, this.getImpersonation());
  }

  private getSettings(): Properties {
    return this.userSettings.get(this.getCurrentUser()?.name ?? "") ?? {};
  }

  private getImpersonation(): Record<string, string[]> {
    return impersonationHeaders(this.getSettings());
  }

  /** Reads the token for each request, because its issuer replaces the file. It precedes `token`, as in kubectl. */
  private async readTokenHeader(): Promise<Record<string, string>> {
    const file = getTextAt(this.getSettings(), "tokenFile");
    if (file === "") return {};
    const token = (await readFile(file, "utf8")).trim();
    if (token === "") throw new Error(`kubeconfig: tokenFile ${file} is empty; must contain a token`);
    return { Authorization: `Bearer ${token}` };
  }
}

/**
 * Adds headers that may have several values. The client's headers have one value each, but `fetch` also takes an
 * iterable of pairs, in which a name may occur more than once.
 */
function addRepeatedHeaders(request: ApiRequest, repeated: Record<string, string[]>): void {
  const headers = request.getHeaders();
  const pairs = Object.entries(repeated).flatMap(([name, values]) => values.map((value) => [name, value]));
  const iterate = () => [...Object.entries(headers), ...pairs].values();
  Object.defineProperty(headers, Symbol.iterator, { value: iterate, configurable: true });
}
