import { emulatedCluster } from "../kube/outputs.fixture.ts";
import type { HubPlace } from "./hub.ts";
import { download } from "./hub.ts";

const place: HubPlace = { cluster: emulatedCluster, stack: "viking", revisions: { "LumiOpen/Viking-7B": "a".repeat(40) }, tokenSecret: "hub" };
const model = download("LumiOpen/Viking-7B", place);
const container = model.job.spec.template.spec?.containers[0];

describe("a download", () => {
  it("fills a folder named by the repository and a hash", () => {
    expect(model.path).toMatch(/^\/store\/models\/viking-7b-[0-9a-f]{8}$/);
  });

  it("reads one commit", () => {
    expect(container?.args).toEqual(["download"]);
    expect(container?.env?.find(({ name }) => name === "MIXCPT_SPEC")?.value).toBe(`output: ${model.path}\nrepository: LumiOpen/Viking-7B\nrevision: ${"a".repeat(40)}\n`);
  });

  it("has a name of its own in each stack, and one folder for all", () => {
    const other = download("LumiOpen/Viking-7B", { ...place, stack: "viking-uniform" });
    expect(other.job.metadata.name).not.toBe(model.job.metadata.name);
    expect(other.path).toBe(model.path);
  });

  it("goes to another folder for another commit or other files, and to the same with another token", () => {
    const paths = [
      model.path,
      download("LumiOpen/Viking-7B", { ...place, revisions: { "LumiOpen/Viking-7B": "b".repeat(40) } }).path,
      download("LumiOpen/Viking-7B", place, ["tokenizer.json"]).path,
    ];
    expect(new Set(paths).size).toBe(3);
    expect(download("LumiOpen/Viking-7B", { ...place, tokenSecret: "other" }).path).toBe(model.path);
  });

  it("takes its token from a Secret and never shows it", () => {
    expect(container?.env).toContainEqual({ name: "HF_TOKEN", valueFrom: { secretKeyRef: { name: "hub", key: "HF_TOKEN" } } });
  });

  it("refuses a repository without a commit", () => {
    expect(() => download("cis-lmu/glotlid", place)).toThrow("no commit of cis-lmu/glotlid is given in mixcpt:revisions");
  });
});
