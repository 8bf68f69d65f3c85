import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { replaceFile } from "./replaceFile.ts";

const directory = mkdtempSync(join(tmpdir(), "mixcpt-replace-"));
const file = join(directory, "kubeconfig");

afterAll(() => rmSync(directory, { recursive: true }));

it("leaves the earlier content to a process that has opened the file", () => {
  writeFileSync(file, "earlier content");
  const opened = openSync(file, "r");
  replaceFile(file, "new");
  expect([readFileSync(opened, "utf8"), readFileSync(file, "utf8")]).toEqual(["earlier content", "new"]);
  closeSync(opened);
});

it("gives the file its mode, also one that others could read before", () => {
  writeFileSync(file, "", { mode: 0o644 });
  replaceFile(file, "secret", { mode: 0o600 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("leaves nothing beside the file, also if it cannot be written", () => {
  replaceFile(file, "whole");
  expect(() => replaceFile(directory, "")).toThrow();
  expect(readdirSync(directory)).toEqual(["kubeconfig"]);
  const neighbors = readdirSync(dirname(directory)).filter((name) => name.startsWith(basename(directory)));
  expect(neighbors).toEqual([basename(directory)]);
});
