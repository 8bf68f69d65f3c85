/**
 * Creates a lookup of objects by keys. The index of a list is built once: the lists of a snapshot never change, and a
 * stack of thousands of cells looks up each of them.
 */
export function createIndex<T extends object>(listKeys: (object: T) => readonly string[]) {
  const indexes = new WeakMap<readonly object[], Map<string, T[]>>();
  const buildIndex = (objects: readonly T[]): Map<string, T[]> => {
    const index = new Map<string, T[]>();
    for (const object of objects)
      for (const key of new Set(listKeys(object))) {
        const found = index.get(key);
        if (found === undefined) index.set(key, [object]);
        else found.push(object);
      }
    indexes.set(objects, index);
    return index;
  };
  return <S extends T>(objects: readonly S[], key: string): readonly S[] =>
    ((indexes.get(objects) ?? buildIndex(objects)).get(key) ?? []) as readonly T[] as readonly S[];
}
