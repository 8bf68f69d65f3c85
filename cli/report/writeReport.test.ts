import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFileAtomically } from "./writeReport.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mixcpt-report-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("makes the folder, replaces what was there and leaves nothing else behind", async () => {
  const path = join(folder, "new", "index.html");
  await writeFileAtomically(path, "old");
  await writeFileAtomically(path, "new");
  expect(await readFile(path, "utf8")).toBe("new");
  expect(await readdir(join(folder, "new"))).toEqual(["index.html"]);
});

it("says which folder it could not make, and what to do", async () => {
  await writeFileAtomically(join(folder, "taken"), "a file");
  await expect(writeFileAtomically(join(folder, "taken", "index.html"), "new")).rejects.toThrow(
    /cannot create the folder .*taken: .*EEXIST.* --out/,
  );
});

it("leaves nothing behind when it fails", async () => {
  await mkdir(join(folder, "index.html", "inside"), { recursive: true });
  await expect(writeFileAtomically(join(folder, "index.html"), "new")).rejects.toThrow();
  expect(await readdir(folder)).toEqual(["index.html"]);
});
