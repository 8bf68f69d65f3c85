import { listFlagProblems, parseStore } from "./demoFlags.ts";

describe("the options of the demo", () => {
  it("are complete with a registry and a store for an existing cluster, and with nothing for kind", () => {
    expect(listFlagProblems({ on: "existing", registry: "r.example/m", store: "/s" })).toEqual([]);
    expect(listFlagProblems({ on: "kind" })).toEqual([]);
    expect(listFlagProblems({})).toEqual([]);
  });

  it("are reported together if they are missing or belong to another cluster", () => {
    expect(listFlagProblems({ on: "existing" })).toEqual([
      expect.stringContaining("--registry: missing"),
      expect.stringContaining("--store: missing"),
    ]);
    expect(listFlagProblems({ on: "kind", registry: "r.example/m" })).toEqual([
      expect.stringContaining("--registry: not used with --on kind"),
    ]);
    expect(listFlagProblems({ context: "lab", store: "/s" })).toEqual([
      expect.stringContaining("--context: needs --on existing"),
      expect.stringContaining("--store: needs --on existing"),
    ]);
  });
});

describe("the store", () => {
  it("is a directory or a StorageClass", () => {
    expect(parseStore("/lustre/mixcpt")).toEqual({ kind: "path", path: "/lustre/mixcpt" });
    expect(parseStore("class:lustre")).toEqual({ kind: "storageClass", name: "lustre", size: "10Gi" });
  });

  it.each(["lustre", "/", "/a/../b"])("is not %s, by the rule of the cluster's file for a path", (text) => {
    expect(() => parseStore(text)).toThrow(
      `--store: ${text} is not allowed; must be the absolute path of a folder below /, without ..; a store is a ` +
        "directory that every node mounts",
    );
  });

  it.each(["class:", "class:Not_A_Name"])("is not %s, by the rule of the cluster's file for a name", (text) => {
    expect(() => parseStore(text)).toThrow(`--store: ${text} is not allowed; must be the name of a StorageClass: `);
  });
});
