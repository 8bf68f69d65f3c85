import { existsSync } from "node:fs";
import { homedir, networkInterfaces } from "node:os";
import { resolve } from "node:path";
import { getuid } from "node:process";

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

/** The networks of the local hosts that run: their devices on this machine (infra/local-hosts/network-up.sh). */
function listHostNetworks(): string[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    /^mx[0-9a-f]{6}$/.test(name) ? addresses.flatMap(({ family, cidr }) => (family === "IPv4" && cidr) || []) : [],
  );
}

function extendHostList(list = "", additions: readonly string[]): string {
  const hosts = list.split(",").filter((host) => host.trim() !== "");
  if (hosts.some((host) => host.trim() === "*")) return list;
  return [...new Set([...hosts, ...additions])].join(",");
}

/**
 * Keeps requests of this process, and of all that it starts, to this machine and its local hosts away from a proxy of
 * the user's environment: no proxy can reach either. Pulumi's engine and its plugins talk gRPC over loopback; grpc-js
 * reads the lower-case names only, Go either case.
 * @param networks those of local hosts that will be created, `a.b.c.d/n`
 */
export function bypassProxy(networks: readonly string[] = []): void {
  const { NO_PROXY: upper, no_proxy: lower, no_grpc_proxy: grpc } = process.env;
  const additions = ["127.0.0.1", "localhost", "::1", ...listHostNetworks(), ...networks];
  Object.assign(process.env, {
    NO_PROXY: extendHostList(upper || lower, additions),
    no_proxy: extendHostList(lower || upper, additions),
    ...(grpc ? { no_grpc_proxy: extendHostList(grpc, additions) } : {}),
  });
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

/** A copy of this process's environment for a child process, with additions. */
export function buildChildEnvironment(additions: Readonly<Record<string, string>>): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(inherited), ...additions };
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

/**
 * Files with registry credentials in the order in which skopeo reads them: `REGISTRY_AUTH_FILE` alone if it is set. On
 * macOS `skopeo login` writes the second one.
 */
export function listCredentialFiles(): string[] {
  const { REGISTRY_AUTH_FILE: only, XDG_RUNTIME_DIR: runtime, DOCKER_CONFIG: docker } = process.env;
  const { XDG_CONFIG_HOME: settings } = process.env;
  if (only) return [resolve(callerDirectory, only)];
  return [
    resolve(runtime || `/run/containers/${String(getuid?.() ?? "")}`, runtime ? "containers/auth.json" : "auth.json"),
    resolve(settings || resolve(homedir(), ".config"), "containers/auth.json"),
    resolve(callerDirectory, docker || resolve(homedir(), ".docker"), "config.json"),
  ];
}

/**
 * Takes `COSIGN_PASSWORD`, the passphrase of a private key as cosign reads it, out of the environment, so that only
 * cosign gets it. It may be empty.
 */
export function takeSigningPassphrase(): string | undefined {
  const passphrase = process.env["COSIGN_PASSWORD"];
  delete process.env["COSIGN_PASSWORD"];
  return passphrase;
}

/** Directories of `PATH`, in order. */
export function listPathDirectories(): string[] {
  return (process.env["PATH"] ?? "").split(":").filter((directory) => directory !== "");
}

/** The folders on PATH that have a program, in the order in which they are searched. */
export function listProgramFolders(program: string): string[] {
  return listPathDirectories().filter((directory) => existsSync(resolve(directory, program)));
}

/** Replaces PATH for this process and all that it starts. */
export function replaceSearchPath(directories: readonly string[]): void {
  process.env["PATH"] = directories.join(":");
}
