import { json } from "node:stream/consumers";
import type { ApiObject } from "./apiObjects.ts";
import { getStatusCode } from "./apiErrors.ts";
import { getResponse } from "./getResponse.ts";
import type { RequestQuery, ServerConnection } from "./getResponse.ts";
import type { ObjectList } from "./objectCache.ts";

/** Selects the objects of one kind. */
export interface ObjectQuery {
  /** Such as `/api/v1/namespaces/mixcpt/pods`. */
  readonly path: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Lists the objects of a query. @throws Error with the HTTP status as its `code` if the server refuses */
export type ObjectLister = <T extends ApiObject>(query: ObjectQuery) => Promise<readonly T[]>;

interface ObjectPage<T> {
  readonly items?: readonly T[];
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

/** The size of kubectl's pages. */
const pageSize = "500";
/** A list whose pages outlive the server's history starts again, at most this many times. */
const maxListAttempts = 3;
const expiredCode = 410;

export function isExpired(error: unknown): boolean {
  return getStatusCode(error) === expiredCode;
}

export function selectObjects({ labelSelector, fieldSelector }: ObjectQuery): RequestQuery {
  return { labelSelector, fieldSelector };
}

async function listPages<T extends ApiObject>(
  connection: ServerConnection,
  query: ObjectQuery,
): Promise<ObjectList<T>> {
  const items: T[] = [];
  let next: string | undefined;
  let resourceVersion = "";
  do {
    const page = { ...selectObjects(query), limit: pageSize, continue: next };
    const { body } = await getResponse(connection, query.path, page);
    const { items: found = [], metadata = {} } = (await json(body)) as ObjectPage<T>;
    items.push(...found.map(dropUnreadFields));
    next = metadata.continue === "" ? undefined : metadata.continue;
    resourceVersion = metadata.resourceVersion ?? resourceVersion;
  } while (next !== undefined);
  return { items, resourceVersion };
}

/** Lists all objects of a query in pages, which show one state of the cluster. */
export async function listObjects<T extends ApiObject>(
  connection: ServerConnection,
  query: ObjectQuery,
): Promise<ObjectList<T>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listPages<T>(connection, query);
    } catch (error) {
      if (!isExpired(error) || attempt >= maxListAttempts) throw error;
    }
  }
}

type PlainFields = Readonly<Record<string, unknown>>;

/** The fields of specs that this project does not read, and that are most of an object. */
const unreadSpecFields = new Set(["template", "replicatedJobs", "trainer", "runtimePatches", "podSets"]);

function dropUnreadContainerFields(containers: unknown): unknown {
  return (containers as readonly PlainFields[]).map(({ name, resources }) => ({ name, resources }));
}

/** Drops what takes most of the memory of an object and is not read. */
export function dropUnreadFields<T extends ApiObject>(object: T): T {
  const { metadata = {}, spec = {}, ...rest } = object as { metadata?: PlainFields; spec?: PlainFields };
  const fields = Object.entries(spec).filter(([name]) => !unreadSpecFields.has(name));
  const kept = fields.map(([name, value]) => [name, name === "containers" ? dropUnreadContainerFields(value) : value]);
  const keptMetadata = { ...metadata, managedFields: undefined };
  return { ...rest, metadata: keptMetadata, spec: Object.fromEntries(kept) as PlainFields } as unknown as T;
}
