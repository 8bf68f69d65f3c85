import { setTimeout as delay } from "node:timers/promises";
import type { Client, ConnectConfig } from "ssh2";
import { isObject, textAt } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";

/** How often and how patiently to knock. `limit` -1 is for ever; `timeout` in seconds, 0 is for ever. */
export interface Dialling {
  limit: number;
  timeout: number;
}

const number = (value: unknown, absent: number) => (typeof value === "number" ? value : absent);

export function diallingOf(connection: Properties): Dialling {
  return { limit: number(connection["dialErrorLimit"], 10), timeout: number(connection["perDialTimeout"], 15) };
}

/** Where a connection leads, without its secrets. */
export function destination(connection: Properties): string {
  return `${textAt(connection, "user") || "root"}@${textAt(connection, "host")}:${number(connection["port"], 22)}`;
}

/** `agent` is the socket of an SSH agent to use when the connection names none. */
export function configOf(connection: Properties, agent: string | undefined): ConnectConfig {
  const optional = {
    privateKey: textAt(connection, "privateKey"),
    passphrase: textAt(connection, "privateKeyPassword"),
    password: textAt(connection, "password"),
    agent: textAt(connection, "agentSocketPath") || (agent ?? ""),
  };
  const [, key = ""] = textAt(connection, "hostKey").trim().split(/\s+/);
  return {
    host: textAt(connection, "host"),
    port: number(connection["port"], 22),
    username: textAt(connection, "user") || "root",
    readyTimeout: diallingOf(connection).timeout * 1000,
    tryKeyboard: optional.password !== "",
    // A host that vanishes without a word is noticed within a minute.
    keepaliveInterval: 15_000,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== "")),
    ...(key === "" ? {} : { hostVerifier: (offered: Buffer) => offered.toString("base64") === key }),
  };
}

/** Opens a connection, through its proxy where it names one. Errors: where, how often it was tried, why not. */
export async function connectTo(connection: Properties, surroundings: Surroundings): Promise<Client> {
  const proxy = connection["proxy"];
  if (!isObject(proxy)) return dial(connection, surroundings, () => Promise.resolve({}));
  const through = await dial(proxy, surroundings, () => Promise.resolve({}));
  const forward = () => new Promise<ConnectConfig>((resolve, reject) => {
    const port = number(connection["port"], 22);
    through.forwardOut("127.0.0.1", 0, textAt(connection, "host"), port, (error, sock) => (error ? reject(error) : resolve({ sock })));
  });
  const client = await dial(connection, surroundings, forward).catch((error: unknown) => {
    through.end();
    throw error;
  });
  return client.once("close", () => through.end());
}

export interface Surroundings {
  agent: string | undefined;
  cancel: AbortSignal;
  /** Hears of each attempt that failed. */
  onRetry(text: string): void;
}

async function dial(connection: Properties, { agent, cancel, onRetry }: Surroundings, more: () => Promise<ConnectConfig>): Promise<Client> {
  const { limit } = diallingOf(connection);
  for (let attempt = 1, pause = 100; ; attempt += 1, pause = Math.min(pause * 1.5, 5000)) {
    try {
      return await attemptTo({ ...configOf(connection, agent), ...(await more()) });
    } catch (error) {
      const why = error instanceof Error ? error.message || String(error) : String(error);
      if (cancel.aborted) throw new Error("cancelled", { cause: error });
      if (limit !== -1 && attempt > limit) throw new Error(`no SSH connection to ${destination(connection)} after ${attempt} attempts: ${why}`, { cause: error });
      onRetry(`SSH to ${destination(connection)}: attempt ${attempt} of ${limit === -1 ? "any" : limit + 1} failed: ${why}`);
      await delay(pause, undefined, { signal: cancel });
    }
  }
}

async function attemptTo(config: ConnectConfig): Promise<Client> {
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
