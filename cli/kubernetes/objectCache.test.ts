import fc from "fast-check";
import type { ConditionedObject } from "./apiObjects.ts";
import { ObjectCache } from "./objectCache.ts";
import type { WatchEvent } from "./objectCache.ts";

type Written = ConditionedObject & { readonly metadata: { readonly name: string; readonly resourceVersion: string } };

/** The objects of a server after each write, and the events that tell of the writes. */
interface ServerHistory {
  readonly states: readonly (readonly Written[])[];
  readonly events: readonly WatchEvent<Written>[];
}

interface Write {
  readonly name: string;
  readonly deletes: boolean;
}

function buildObject(name: string, version: number): Written {
  return { metadata: { name, resourceVersion: String(version) } };
}

function playWrites(writes: readonly Write[]): ServerHistory {
  const objects = new Map<string, Written>();
  const events: WatchEvent<Written>[] = [];
  const states: (readonly Written[])[] = [[]];
  for (const { name, deletes } of writes) {
    if (deletes && !objects.has(name)) continue;
    const object = buildObject(name, events.length + 1);
    events.push({ type: deletes ? "DELETED" : objects.has(name) ? "MODIFIED" : "ADDED", object });
    if (deletes) objects.delete(name);
    else objects.set(name, object);
    states.push([...objects.values()]);
  }
  return { states, events };
}

/** What happens to a watch between two events. */
const interruptions = ["none", "bookmark", "reconnect", "expired"] as const;
type Interruption = (typeof interruptions)[number];

/** Lets a cache follow a history; a cache whose version has expired is listed again. */
function followHistory({ states, events }: ServerHistory, happenings: readonly Interruption[]): ObjectCache<Written> {
  const cache = new ObjectCache<Written>();
  const listAt = (position: number): void =>
    cache.replaceAll({ items: states[position] ?? [], resourceVersion: String(position) });
  listAt(0);
  let position = 0;
  for (let turn = 0; position < events.length; turn += 1) {
    const happening = happenings[turn] ?? "none";
    const bookmark = buildObject("", position);
    if (happening === "bookmark") cache.applyEvent({ type: "BOOKMARK", object: bookmark });
    if (happening === "expired") cache.applyEvent({ type: "ERROR", object: bookmark });
    if (cache.resourceVersion === null) listAt((position = Math.min(events.length, position + 1)));
    else if (happening === "reconnect") position = Number(cache.resourceVersion);
    else cache.applyEvent(events[position++] as WatchEvent<Written>);
  }
  return cache;
}

function sortByName(objects: readonly Written[] | undefined): string[] {
  return (objects ?? []).map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`).sort();
}

describe("a followed list", () => {
  const write = fc.record({ name: fc.constantFrom("a", "b", "c", "d"), deletes: fc.boolean() });

  it("equals a fresh list after any writes, reconnections, bookmarks and expired versions", () => {
    fc.assert(
      fc.property(fc.array(write), fc.array(fc.constantFrom(...interruptions)), (writes, happenings) => {
        const history = playWrites(writes);
        const cache = followHistory(history, happenings);
        expect(sortByName(cache.list())).toEqual(sortByName(history.states.at(-1)));
      }),
    );
  });

  it("is the same array until an object changes", () => {
    const cache = new ObjectCache<Written>();
    cache.replaceAll({ items: [buildObject("a", 1)], resourceVersion: "1" });
    const before = cache.list();
    cache.applyEvent({ type: "BOOKMARK", object: buildObject("", 7) });
    expect(cache.list()).toBe(before);
    expect(cache.resourceVersion).toBe("7");
    cache.applyEvent({ type: "MODIFIED", object: buildObject("a", 8) });
    expect(cache.list()).not.toBe(before);
  });
});
