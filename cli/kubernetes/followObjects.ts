import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { ApiObject } from "./apiObjects.ts";
import { getStatusCode } from "./apiErrors.ts";
import { getResponse } from "./getResponse.ts";
import type { ServerConnection } from "./getResponse.ts";
import { ObjectCache } from "./objectCache.ts";
import type { WatchEvent } from "./objectCache.ts";
import { dropUnreadFields, isExpired, listObjects, selectObjects } from "./objectQuery.ts";
import type { ObjectLister, ObjectQuery } from "./objectQuery.ts";

/** The server ends a watch after this time. It is continued from where it ended. */
const watchSeconds = 240;
/** A connection that is silent for longer is dead: a server ends a watch, and most send bookmarks every minute. */
const silenceMs = (watchSeconds + 30) * 1000;

function parseWatchEvent<T extends ApiObject>(line: string): WatchEvent<T> | null {
  try {
    const event = JSON.parse(line) as WatchEvent<T>;
    return event.type === "ERROR" ? event : { ...event, object: dropUnreadFields(event.object) };
  } catch {
    return null; // a line that ends with the connection: its event comes again
  }
}

/**
 * The objects of one query, kept up to date by a watch. A connection that has ended is opened again by the next
 * reading, from the state that was reached.
 */
class FollowedQuery<T extends ApiObject> {
  private readonly cache = new ObjectCache<T>();
  private isOpen = false;
  private readonly connection: ServerConnection;
  private readonly query: ObjectQuery;

  constructor(connection: ServerConnection, query: ObjectQuery) {
    this.connection = connection;
    this.query = query;
  }

  /** @throws Error if the connection has ended and cannot be opened again */
  async read(): Promise<readonly T[]> {
    if (!this.isOpen) await this.open();
    return this.cache.list();
  }

  private async open(): Promise<void> {
    if (this.cache.resourceVersion === null) return this.listAndWatch();
    try {
      await this.openWatch();
    } catch (error) {
      if (!isExpired(error)) throw error;
      await this.listAndWatch();
    }
  }

  private async listAndWatch(): Promise<void> {
    this.cache.replaceAll(await listObjects<T>(this.connection, this.query));
    await this.openWatch();
  }

  private async openWatch(): Promise<void> {
    const { response, body } = await getResponse(this.connection, this.query.path, {
      ...selectObjects(this.query),
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: this.cache.resourceVersion ?? undefined,
      timeoutSeconds: String(watchSeconds),
    });
    response.setTimeout(silenceMs, () => response.destroy());
    this.isOpen = true;
    const close = (): void => void (this.isOpen = false);
    body.on("error", close);
    body.on("close", close);
    const lines = createInterface(body);
    lines.on("line", (line) => {
      this.applyLine(line);
      if (this.cache.resourceVersion === null) response.destroy();
    });
    lines.on("error", close);
  }

  private applyLine(line: string): void {
    const event = parseWatchEvent<T>(line);
    if (event !== null) this.cache.applyEvent(event);
  }
}

/**
 * Creates a lister that lists the objects of a query once, and then returns what a watch has told since: without a
 * request while nothing changes.
 */
export function createFollowingLister(connection: ServerConnection): ObjectLister {
  const followed = new Map<string, FollowedQuery<ApiObject>>();
  return async <T extends ApiObject>(query: ObjectQuery) => {
    const key = JSON.stringify(query);
    const known = followed.get(key) ?? new FollowedQuery<ApiObject>(connection, query);
    followed.set(key, known);
    return (await known.read()) as readonly T[];
  };
}

const heartbeatMilliseconds = 10_000;

/**
 * Creates a check that sends a small request every ten seconds: a watch whose connection is lost is only silent.
 * @throws Error if the server does not answer
 */
export function createHeartbeat(connection: ServerConnection): () => Promise<void> {
  let next = 0;
  return async () => {
    if (Date.now() < next) return;
    try {
      await text((await getResponse(connection, "/version")).body);
    } catch (error) {
      if (getStatusCode(error) === undefined) throw error; // a server that refuses is there
    }
    next = Date.now() + heartbeatMilliseconds;
  };
}
