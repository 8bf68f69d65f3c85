import { parseWarningHeader } from "./apiConnection.ts";

it("extracts the texts of the server's warnings", () => {
  expect(parseWarningHeader('299 - "unknown field \\"spec.x\\"", 299 - "v1beta1 is deprecated, use v1"')).toEqual([
    'unknown field "spec.x"',
    "v1beta1 is deprecated, use v1",
  ]);
  expect(parseWarningHeader(undefined)).toEqual([]);
});
