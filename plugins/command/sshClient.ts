import { setTimeout as delay } from "node:timers/promises";
import type { Client, ConnectConfig } from "ssh2";
import { formatError } from "../protocol/formatError.ts";
import { isObject, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";

interface DialLimits {
  /** Failed attempts to tolerate; -1 for no limit. */
  readonly limit: number;
  /** Seconds per attempt; 0 for no limit. */
  readonly timeout: number;
}

function readNumberOr(value: unknown, absent: number) {
  return typeof value === "number" ? value : absent;
}

export function readDialLimits(connection: Properties): DialLimits {
  return {
    limit: readNumberOr(connection["dialErrorLimit"], 10),
    timeout: readNumberOr(connection["perDialTimeout"], 15),
  };
}

/** Formats the destination of a connection, without its secrets. */
export function formatDestination(connection: Properties): string {
  const user = getTextAt(connection, "user") || "root";
  return `${user}@${getTextAt(connection, "host")}:${readNumberOr(connection["port"], 22)}`;
}

/** Builds an SSH client's configuration; `agent` is the socket of an SSH agent to use if the connection names none. */
export function buildConnectConfig(connection: Properties, agent: string | undefined): ConnectConfig {
  const optional = {
    privateKey: getTextAt(connection, "privateKey"),
    passphrase: getTextAt(connection, "privateKeyPassword"),
    password: getTextAt(connection, "password"),
    agent: getTextAt(connection, "agentSocketPath") || (agent ?? ""),
  };
  const [, key = ""] = getTextAt(connection, "hostKey").trim().split(/\s+/);
  return {
    host: getTextAt(connection, "host"),
    port: readNumberOr(connection["port"], 22),
    username: getTextAt(connection, "user") || "root",
    readyTimeout: readDialLimits(connection).timeout * 1000,
    tryKeyboard: optional.password !== "",
    // A host that vanishes silently is noticed within a minute.
    keepaliveInterval: 15_000,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== "")),
    ...(key === "" ? {} : { hostVerifier: (offered: Buffer) => offered.toString("base64") === key }),
  };
}

/**
 * Opens a connection, through its proxy if it names one.
 * @throws Error with the destination, the number of attempts and the last reason
 */
export async function connectOverSsh(connection: Properties, options: SshOptions): Promise<Client> {
  const proxy = connection["proxy"];
  if (!isObject(proxy)) return connectWithRetries(connection, options, () => Promise.resolve({}));
  const proxyClient = await connectWithRetries(proxy, options, () => Promise.resolve({}));
  const forwardThroughProxy = () =>
    new Promise<ConnectConfig>((resolve, reject) => {
      const port = readNumberOr(connection["port"], 22);
      proxyClient.forwardOut("127.0.0.1", 0, getTextAt(connection, "host"), port, (error, sock) =>
        error ? reject(error) : resolve({ sock }),
      );
    });
  const client = await connectWithRetries(connection, options, forwardThroughProxy).catch((error: unknown) => {
    proxyClient.end();
    throw error;
  });
  return client.once("close", () => proxyClient.end());
}

export interface SshOptions {
  readonly agent: string | undefined;
  readonly cancel: AbortSignal;
  /** Receives a line about each failed attempt. */
  onRetry(text: string): void;
}

async function connectWithRetries(
  connection: Properties,
  { agent, cancel, onRetry }: SshOptions,
  openTransport: () => Promise<ConnectConfig>,
): Promise<Client> {
  const { limit } = readDialLimits(connection);
  for (let attempt = 1, pause = 100; ; attempt += 1, pause = Math.min(pause * 1.5, 5000)) {
    try {
      return await openSshClient({ ...buildConnectConfig(connection, agent), ...(await openTransport()) });
    } catch (error) {
      const reason = formatError(error);
      const destination = formatDestination(connection);
      if (cancel.aborted) throw new Error("cancelled", { cause: error });
      if (limit !== -1 && attempt > limit)
        throw new Error(`no SSH connection to ${destination} after ${attempt} attempts: ${reason}`, { cause: error });
      const attempts = limit === -1 ? `attempt ${attempt}` : `attempt ${attempt} of ${limit + 1}`;
      onRetry(`SSH to ${destination}: ${attempts} failed: ${reason}`);
      await delay(pause, undefined, { signal: cancel });
    }
  }
}

async function openSshClient(config: ConnectConfig): Promise<Client> {
  const { default: ssh2 } = await import("ssh2");
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    client.once("ready", () => resolve(client.off("error", reject).on("error", () => undefined)));
    client.once("error", reject);
    client.once("close", () => reject(new Error("the connection was closed")));
    client.on("keyboard-interactive", (...[, , , prompts, answer]) => answer(prompts.map(() => config.password ?? "")));
    client.connect(config);
  });
}
