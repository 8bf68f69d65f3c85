import { formatFailedTest, listJestFailures, listPytestFailures, nameFailures } from "./failedTests.ts";

it("names each test of Jest that failed, with its file, and none that passed", () => {
  const file = {
    name: "/checkout/tests/cells.test.ts",
    status: "failed",
    message: "all of it",
    assertionResults: [
      { status: "passed", fullName: "two cells end", failureMessages: [] },
      { status: "failed", fullName: "two cells resume", failureMessages: ["no pod"] },
    ],
  };
  expect(listJestFailures([file], "/checkout")).toEqual([
    { name: "tests/cells.test.ts › two cells resume", message: "no pod" },
  ]);
});

it("names a file that could not run", () => {
  const file = { name: "/checkout/a.test.ts", status: "failed", message: "no such module", assertionResults: [] };
  expect(listJestFailures([file], "/checkout")).toEqual([{ name: "a.test.ts", message: "no such module" }]);
});

it("names each test of pytest that failed or could not start", () => {
  const junit = `<testsuite errors="1" failures="1" skipped="0" tests="3">
    <testcase classname="tests.test_store" name="test_id" time="0.1" />
    <testcase classname="tests.test_store" name="test_a[x&gt;1]" time="0.1"><failure message="assert &quot;a&quot;&#10;  in b">…
    <testcase classname="tests.test_b" name="test_b" time="0"><error message="no fixture">…`;
  expect(listPytestFailures(junit)).toEqual([
    { name: "tests.test_store › test_a[x>1]", message: 'assert "a"\n  in b' },
    { name: "tests.test_b › test_b", message: "no fixture" },
  ]);
});

it("names the program where it failed and no test did", () => {
  const failed = { name: "a.test.ts", message: "" };
  expect(nameFailures([failed], "jest unit", false)).toEqual([failed]);
  expect(nameFailures([], "jest unit", true)).toEqual([]);
  expect(nameFailures([], "jest unit", false)).toMatchObject([{ name: "jest unit" }]);
});

it("shows the start and the end of a failure's message, without colors and calls of others", () => {
  const calls = ["    at run (/checkout/node_modules/jest-circus/build/run.js:1)", "    at node:internal/process:1"];
  const printed = Array.from({ length: 99 }, (_, index) => `line ${String(index + 1)}`);
  const message = ["\u001b[31mexpected 1\u001b[39m", "", ...calls, ...printed].join("\n");
  const lines = formatFailedTest({ name: "a.test.ts › b", message }).split("\n");
  expect(lines.slice(0, 3)).toEqual(["  a.test.ts › b", "      expected 1", "      line 1"]);
  expect(lines.filter((line) => line.includes("…"))).toEqual(["      … 60 lines …"]);
  expect(lines.at(-1)).toBe("      line 99");
  expect(lines).toHaveLength(42);
});
