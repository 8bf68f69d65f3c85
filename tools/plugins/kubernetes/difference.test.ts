import { printPath } from "../protocol/changes.ts";
import { declaredChanges } from "./difference.ts";

const paths = (before: object, after: object, ignored: string[] = []) => declaredChanges(before as never, after as never, ignored).map(({ path }) => printPath(path));

it("namespace default is the same as none", () => {
  expect(paths({ metadata: { name: "a" } }, { metadata: { name: "a", namespace: "default" } })).toEqual([]);
  expect(paths({ metadata: { name: "a" } }, { metadata: { name: "a", namespace: "b" } })).toEqual(["metadata.namespace"]);
});

it("a Secret's stringData is compared as what it becomes", () => {
  const secret = { apiVersion: "v1", kind: "Secret" };
  expect(paths({ ...secret, stringData: { a: "a" } }, { ...secret, data: { a: "YQ==" } })).toEqual([]);
});

it("ignored paths, and all below them, are no change", () => {
  expect(paths({ spec: { a: 1, b: { c: 1 } } }, { spec: { a: 2, b: { c: 2 } } }, ["spec.b"])).toEqual(["spec.a"]);
});
