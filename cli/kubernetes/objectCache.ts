import type { ApiObject } from "./apiObjects.ts";
import { getObjectName } from "./apiObjects.ts";

type VersionedObject = ApiObject & { readonly metadata?: { readonly resourceVersion?: string | undefined } };

/** A line of a watch. An `ERROR` has a status in place of an object. */
export interface WatchEvent<T extends ApiObject> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: T;
}

export interface ObjectList<T extends ApiObject> {
  readonly items: readonly T[];
  /** The state of the cluster that the list shows: a watch continues from it. */
  readonly resourceVersion: string;
}

/** The objects of one kind in one namespace, as a list and the events since then leave them. */
export class ObjectCache<T extends ApiObject> {
  private objects = new Map<string, T>();
  private items: readonly T[] | null = null;
  private version: string | null = null;

  /** The state that the cache has reached; null if it has to be listed. */
  get resourceVersion(): string | null {
    return this.version;
  }

  /** The same array until an object changes. */
  list(): readonly T[] {
    this.items ??= [...this.objects.values()];
    return this.items;
  }

  replaceAll({ items, resourceVersion }: ObjectList<T>): void {
    this.objects = new Map(items.map((object) => [getObjectName(object), object]));
    this.items = null;
    this.version = resourceVersion;
  }

  /** Applies an event. After an error, such as an expired version (410), the state is unknown: it has to be listed. */
  applyEvent({ type, object }: WatchEvent<T>): void {
    this.version = type === "ERROR" ? null : ((object as VersionedObject).metadata?.resourceVersion ?? this.version);
    if (type === "ERROR" || type === "BOOKMARK") return;
    this.items = null;
    if (type === "DELETED") this.objects.delete(getObjectName(object));
    else this.objects.set(getObjectName(object), object);
  }
}
