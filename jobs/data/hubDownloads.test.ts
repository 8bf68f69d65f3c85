import { emulatedCluster } from "../kube/clusterOutputs.fixture.ts";
import type { HubContext } from "./hubDownloads.ts";
import { buildModelDownload } from "./hubDownloads.ts";

const testHubContext: HubContext = {
  cluster: emulatedCluster,
  stack: "viking",
  revisions: { "LumiOpen/Viking-7B": "a".repeat(40) },
  tokenSecret: "hub",
};
const modelDownload = buildModelDownload("LumiOpen/Viking-7B", testHubContext);
const container = modelDownload.job.spec.template.spec?.containers[0];

describe("a download", () => {
  it("fills a folder named after the repository and a hash", () => {
    expect(modelDownload.path).toMatch(/^\/store\/models\/viking-7b-[0-9a-f]{8}$/);
  });

  it("reads one commit", () => {
    expect(container?.args).toEqual(["download"]);
    expect(container?.env?.find(({ name }) => name === "MIXCPT_SPEC")?.value).toBe(
      `output: ${modelDownload.path}\nrepository: LumiOpen/Viking-7B\nrevision: ${"a".repeat(40)}\n`,
    );
  });

  it("has a different name in each stack, but the same folder", () => {
    const other = buildModelDownload("LumiOpen/Viking-7B", { ...testHubContext, stack: "viking-uniform" });
    expect(other.job.metadata.name).not.toBe(modelDownload.job.metadata.name);
    expect(other.path).toBe(modelDownload.path);
  });

  it("changes its folder with the commit and the files, but not with the token", () => {
    const paths = [
      modelDownload.path,
      buildModelDownload("LumiOpen/Viking-7B", {
        ...testHubContext,
        revisions: { "LumiOpen/Viking-7B": "b".repeat(40) },
      }).path,
      buildModelDownload("LumiOpen/Viking-7B", testHubContext, ["tokenizer.json"]).path,
    ];
    expect(new Set(paths).size).toBe(3);
    expect(buildModelDownload("LumiOpen/Viking-7B", { ...testHubContext, tokenSecret: "other" }).path).toBe(
      modelDownload.path,
    );
  });

  it("takes its token from a Secret", () => {
    expect(container?.env).toContainEqual({
      name: "HF_TOKEN",
      valueFrom: { secretKeyRef: { name: "hub", key: "HF_TOKEN" } },
    });
  });

  it("rejects a repository without a commit", () => {
    expect(() => buildModelDownload("cis-lmu/glotlid", testHubContext)).toThrow(
      "mixcpt:revisions has no commit of cis-lmu/glotlid",
    );
  });
});
