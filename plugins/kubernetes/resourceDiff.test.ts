import { formatPropertyPath } from "../protocol/changes.ts";
import { listDeclaredChanges } from "./resourceDiff.ts";

function listChangedPaths(before: object, after: object, ignored: string[] = []) {
  return listDeclaredChanges(before as never, after as never, ignored).map(({ path }) => formatPropertyPath(path));
}

it("treats the namespace default as none", () => {
  expect(listChangedPaths({ metadata: { name: "a" } }, { metadata: { name: "a", namespace: "default" } })).toEqual([]);
  expect(listChangedPaths({ metadata: { name: "a" } }, { metadata: { name: "a", namespace: "b" } })).toEqual([
    "metadata.namespace",
  ]);
});

it("compares a Secret's stringData as the data that it becomes", () => {
  const secret = { apiVersion: "v1", kind: "Secret" };
  expect(listChangedPaths({ ...secret, stringData: { a: "a" } }, { ...secret, data: { a: "YQ==" } })).toEqual([]);
});

it("ignores changes at or below ignored paths", () => {
  expect(listChangedPaths({ spec: { a: 1, b: { c: 1 } } }, { spec: { a: 2, b: { c: 2 } } }, ["spec.b"])).toEqual([
    "spec.a",
  ]);
});
