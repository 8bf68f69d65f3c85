import { readFileSync } from "node:fs";
import { cacheVariables } from "./podEnvironment.ts";

describe("the folders for caches of pods with devices", () => {
  it.each(["llama-factory", "evaluate"])("replace every one that the image %s for AMD GPUs sets", (image) => {
    const lines = readFileSync(`images/${image}/Containerfile.rocm`, "utf8");
    const names = [...lines.matchAll(/^(?:ENV| {3}) +([A-Z_]*(?:CACHE|_HOME|MIOPEN|EXTENSIONS)[A-Z_]*)=/gm)];
    expect(names.length).toBeGreaterThanOrEqual(5);
    expect(Object.keys(cacheVariables)).toEqual(expect.arrayContaining(names.map(([, name]) => name)));
  });

  it("are all in one folder, which ends with the pod", () => {
    expect(Object.values(cacheVariables).filter((folder) => !folder.startsWith("/tmp/cache"))).toEqual([]);
  });
});
