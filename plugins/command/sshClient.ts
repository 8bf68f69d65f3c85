import { setTimeout as delay } from "node:timers/promises";
import type { Client, ConnectConfig } from "ssh2";
import { isObject, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";

/** How often and how patiently to knock. `limit` -1 is for ever; `timeout` in seconds, 0 is for ever. */
export interface DialLimits {
  readonly limit: number;
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

/** Where a connection leads, without its secrets. */
export function formatDestination(connection: Properties): string {
  return `${getTextAt(connection, "user") || "root"}@${getTextAt(connection, "host")}:${readNumberOr(connection["port"], 22)}`;
}

/** `agent` is the socket of an SSH agent to use when the connection names none. */
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
    // A host that vanishes without a word is noticed within a minute.
    keepaliveInterval: 15_000,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== "")),
    ...(key === "" ? {} : { hostVerifier: (offered: Buffer) => offered.toString("base64") === key }),
  };
}

/** Opens a connection, through its proxy where it names one. Errors: where, how often it was tried, why not. */
export async function connectOverSsh(connection: Properties, surroundings: SshOptions): Promise<Client> {
  const proxy = connection["proxy"];
  if (!isObject(proxy)) return connectWithRetries(connection, surroundings, () => Promise.resolve({}));
  const through = await connectWithRetries(proxy, surroundings, () => Promise.resolve({}));
  const forwardThroughProxy = () =>
    new Promise<ConnectConfig>((resolve, reject) => {
      const port = readNumberOr(connection["port"], 22);
      through.forwardOut("127.0.0.1", 0, getTextAt(connection, "host"), port, (error, sock) =>
        error ? reject(error) : resolve({ sock }),
      );
    });
  const client = await connectWithRetries(connection, surroundings, forwardThroughProxy).catch((error: unknown) => {
    through.end();
    throw error;
  });
  return client.once("close", () => through.end());
}

export interface SshOptions {
  readonly agent: string | undefined;
  readonly cancel: AbortSignal;
  /** Hears of each attempt that failed. */
  onRetry(text: string): void;
}

async function connectWithRetries(
  connection: Properties,
  { agent, cancel, onRetry }: SshOptions,
  more: () => Promise<ConnectConfig>,
): Promise<Client> {
  const { limit } = readDialLimits(connection);
  for (let attempt = 1, pause = 100; ; attempt += 1, pause = Math.min(pause * 1.5, 5000)) {
    try {
      return await openSshClient({ ...buildConnectConfig(connection, agent), ...(await more()) });
    } catch (error) {
      const why = error instanceof Error ? error.message || String(error) : String(error);
      if (cancel.aborted) throw new Error("cancelled", { cause: error });
      if (limit !== -1 && attempt > limit)
        throw new Error(`no SSH connection to ${formatDestination(connection)} after ${attempt} attempts: ${why}`, {
          cause: error,
        });
      onRetry(
        `SSH to ${formatDestination(connection)}: attempt ${attempt} of ${limit === -1 ? "any" : limit + 1} failed: ${why}`,
      );
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
