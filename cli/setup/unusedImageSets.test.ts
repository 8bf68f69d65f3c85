import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeUnusedImageSets } from "./unusedImageSets.ts";

const directory = mkdtempSync(join(tmpdir(), "mixcpt-images-"));
afterAll(() => rmSync(directory, { recursive: true }));

const now = new Date("2026-12-01T00:00:00Z");
const inUse = "work-0123456789ab";

function makeSet(name: string, used: string): void {
  mkdirSync(join(directory, name), { recursive: true });
  utimesSync(join(directory, name), new Date(used), new Date(used));
}

beforeEach(() => {
  makeSet(inUse, "2026-01-01T00:00:00Z");
  makeSet("cluster-aaaaaaaaaaaa", "2026-11-20T00:00:00Z");
  makeSet("cilium-dddddddddddd", "2026-11-01T00:00:00Z");
  makeSet("control-plane-eeeeeeeeeeee", "2026-11-01T00:00:00Z");
  makeSet("work-bbbbbbbbbbbb", "2026-11-01T00:00:00Z");
  makeSet("work-cccccccccccc.partial.out", "2026-11-01T00:00:00Z");
  makeSet("build", "2026-01-01T00:00:00Z");
});

it("removes sets that no set-up has used for two weeks, and what an interrupted one has left", () => {
  const removed = removeUnusedImageSets(directory, [inUse], now);
  expect(removed.sort()).toEqual([
    "cilium-dddddddddddd",
    "control-plane-eeeeeeeeeeee",
    "work-bbbbbbbbbbbb",
    "work-cccccccccccc.partial.out",
  ]);
  expect(readdirSync(directory).sort()).toEqual(["build", "cluster-aaaaaaaaaaaa", inUse]);
});

it("keeps for two more weeks what this checkout uses", () => {
  removeUnusedImageSets(directory, [inUse], now);
  removeUnusedImageSets(directory, [], new Date("2026-12-14T00:00:00Z"));
  expect(readdirSync(directory)).toContain(inUse);
});

it("does nothing before the first set-up", () => {
  expect(removeUnusedImageSets(join(directory, "absent"), [], now)).toEqual([]);
});
