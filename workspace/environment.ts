import { homedir } from "node:os";
import { resolve } from "node:path";

// The paths of this checkout. No other file of the project reads environment variables; ESLint enforces it.

/** The root of this checkout. */
export const checkoutDirectory = resolve(import.meta.dirname, "..");

/**
 * The folder in which the user called `./mixcpt`. That script changes to the checkout, so relative paths on the command
 * line must be resolved against this folder and not against the working directory.
 */
export const callerDirectory = resolve(process.env["MIXCPT_CALLER_DIRECTORY"] || ".");

/** Downloads and built programs, shared by all checkouts: `${XDG_CACHE_HOME:-~/.cache}/mixcpt`. */
export function resolveCacheDirectory(): string {
  return resolve(process.env["XDG_CACHE_HOME"] || resolve(homedir(), ".cache"), "mixcpt");
}

/** Files that belong to this checkout: Pulumi's state, kubeconfigs, disks of local hosts. */
export const stateDirectory = resolve(checkoutDirectory, ".mixcpt");

/** Files that belong to one cluster stack: its kubeconfig, and the disks and the store of its local hosts. */
export function resolveInstanceDirectory(stack: string): string {
  return resolve(stateDirectory, stack);
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Loopback, and the networks of local hosts (infra/local-hosts/network-up.sh). No proxy can reach either. */
const unproxiedHosts = ["127.0.0.1", "localhost", "::1", "10.89.0.0/16"];

function extendHostList(list = ""): string {
  const hosts = list.split(",").filter((host) => host.trim() !== "");
  if (hosts.some((host) => host.trim() === "*")) return list;
  return [...new Set([...hosts, ...unproxiedHosts])].join(",");
}

/**
 * The variables that keep requests to this machine away from a proxy of the user's environment. Pulumi's engine and its
 * plugins talk gRPC over loopback; grpc-js reads the lower-case names only, Go either case.
 */
function proxyExceptions({ NO_PROXY: upper, no_proxy: lower, no_grpc_proxy: grpc }: Variables): Record<string, string> {
  return {
    NO_PROXY: extendHostList(upper || lower),
    no_proxy: extendHostList(lower || upper),
    ...(grpc ? { no_grpc_proxy: extendHostList(grpc) } : {}),
  };
}

/** Keeps this process's requests to this machine away from a proxy of the user's environment. */
export function bypassProxyForLoopback(): void {
  Object.assign(process.env, proxyExceptions(process.env));
}

/**
 * `MIXCPT_RELEASES`: the base address of a mirror of the official releases, or `none` to build all from source;
 * undefined if the vendors' own addresses are used.
 * @throws Error if it is neither
 */
export function readReleaseMirror(): string | undefined {
  const mirror = process.env["MIXCPT_RELEASES"] ?? "";
  if (mirror === "") return undefined;
  if (mirror !== "none" && !/^https?:\/\/[^/]/.test(mirror))
    throw new Error(
      `MIXCPT_RELEASES: ${mirror} is not allowed; set the base address of a mirror, such as ` +
        "https://mirror.example/releases, or none to build every program from source, or unset it",
    );
  return mirror;
}

/** A copy of this process's environment for a child process, with additions. No proxy gets requests to loopback. */
export function buildChildEnvironment(additions: Readonly<Record<string, string>>): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(inherited), ...proxyExceptions(process.env), ...additions };
}

/** Pulumi's folder of credentials and plugins: `${PULUMI_HOME:-~/.pulumi}`. */
export function resolvePulumiHome(): string {
  return resolve(callerDirectory, process.env["PULUMI_HOME"] || resolve(homedir(), ".pulumi"));
}

/** The kubeconfigs that kubectl reads, in order: those of `KUBECONFIG`, otherwise `~/.kube/config`. */
export function listKubeconfigFiles(): string[] {
  const files = (process.env["KUBECONFIG"] ?? "").split(":").filter((file) => file !== "");
  return files.length > 0 ? files.map((file) => resolve(callerDirectory, file)) : [resolve(homedir(), ".kube/config")];
}

/** Directories of `PATH`, in order. */
export function listPathDirectories(): string[] {
  return (process.env["PATH"] ?? "").split(":").filter((directory) => directory !== "");
}

/** Replaces PATH for this process and all that it starts. */
export function replaceSearchPath(directories: readonly string[]): void {
  process.env["PATH"] = directories.join(":");
}
