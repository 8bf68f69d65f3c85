/** A registry to which images are pushed and from which nodes fetch them. */
export interface RegistryAddress {
  /** `HOST[:PORT][/PATH]` */
  readonly prefix: string;
  /** True if it speaks plain HTTP. */
  readonly isPlain: boolean;
}

const registryRule =
  "must be HOST[:PORT]/PATH of a registry, such as registry.example/mixcpt; http:// before it for plain HTTP";

/** @throws Error for what is not a registry. A first part without dot and port would be a name on Docker Hub. */
export function parseRegistryAddress(text: string): RegistryAddress {
  const [, scheme, prefix = ""] = /^(https?:\/\/)?(.*?)\/?$/.exec(text) ?? [];
  const [host = ""] = prefix.split("/");
  const isAddress = /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/.test(prefix) && (/[.:]/.test(host) || host === "localhost");
  if (!isAddress) throw new Error(`--registry: ${text} is not allowed; ${registryRule}`);
  return { prefix, isPlain: scheme === "http://" };
}

/** True if a registry has no such image, or no such repository yet. */
export function isMissingImageError(message: string): boolean {
  return /manifest unknown|name unknown|not found|\b404\b/i.test(message);
}

/** Formats the place of an image in a registry, such as `registry.example/mixcpt/data:0123456789ab`. */
export function formatRegistryReference({ prefix }: RegistryAddress, localReference: string): string {
  return `${prefix}/${localReference.slice(localReference.indexOf("/") + 1)}`;
}

/** Extracts skopeo's sentence from its line of log, such as `time="…" level=fatal msg="…"`. */
export function extractSkopeoMessage(line: string): string {
  const [, message] = /\bmsg="((?:[^"\\]|\\.)*)"/.exec(line) ?? [];
  return message?.replace(/\\(.)/g, "$1") ?? line;
}
