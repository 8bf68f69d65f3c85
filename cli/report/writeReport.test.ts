import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFileAtomically } from "./writeReport.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mixcpt-report-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("creates the folder, replaces the old file and leaves nothing else behind", async () => {
  const path = join(folder, "new", "index.html");
  await writeFileAtomically(path, "old");
  await writeFileAtomically(path, "new");
  expect(await readFile(path, "utf8")).toBe("new");
  expect(await readdir(join(folder, "new"))).toEqual(["index.html"]);
});

it("names the folder that it could not create, and the option to change it", async () => {
  await writeFileAtomically(join(folder, "taken"), "a file");
  await expect(writeFileAtomically(join(folder, "taken", "index.html"), "new")).rejects.toThrow(
    /cannot create the folder .*taken: .*EEXIST.* --out/,
  );
});

it("leaves no partial file behind if it fails", async () => {
  await mkdir(join(folder, "index.html", "inside"), { recursive: true });
  await expect(writeFileAtomically(join(folder, "index.html"), "new")).rejects.toThrow();
  expect(await readdir(folder)).toEqual(["index.html"]);
});
