import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { load } from "js-yaml";
import type { ExistingConfig } from "../../infra/clusterConfig.ts";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { checkoutDirectory } from "../../workspace/environment.ts";
import type { DemoClusterChoices } from "./demoStackFiles.ts";
import { buildDemoCluster, listClusterDifferences, renderExperimentsFile, replaceImages } from "./demoStackFiles.ts";

const choices: DemoClusterChoices = {
  file: "/home/me/.kube/config",
  context: "lab",
  server: "https://10.0.0.1:6443",
  store: { kind: "path", path: "/lustre/mixcpt" },
  nodes: ["node-1", "node-2"],
  controllers: "published",
};

const registryImage = `r.example/m@sha256:${"a".repeat(64)}`;
const kindImage = "mixcpt.local/data:0123456789ab";

function record(image = registryImage): ExistingConfig {
  const images = { data: image, llamaFactory: image, evaluate: image, store: image };
  return parseClusterConfig(buildDemoCluster(choices, images), "f") as ExistingConfig;
}

describe("the cluster file of the demo", () => {
  it("is valid with images of a registry and of kind", () => {
    for (const image of [registryImage, kindImage])
      expect(record(image)).toMatchObject({
        nodes: 2,
        devices: { emulated: ["node-1", "node-2"] },
        images: { data: image },
      });
  });

  it("of an earlier demo may have other images and nothing else", () => {
    expect(listClusterDifferences(record(), choices)).toEqual([]);
    expect(listClusterDifferences(record(), { ...choices, context: "rack", nodes: ["node-1"] })).toEqual([
      'context: "lab", not "rack"',
      "nodes: 2, not 1",
      expect.stringMatching(/^devices: .*"emulated":\["node-1","node-2"\].*, not .*"emulated":\["node-1"\]/),
    ]);
  });
});

it("the experiments of the demo are those of the local demo on another cluster", () => {
  const local = readFileSync(resolve(checkoutDirectory, "Pulumi.dev.yaml"), "utf8");
  const { config } = load(local) as { config: object };
  expect(load(renderExperimentsFile(local, "demo-existing"))).toEqual({
    config: { ...config, "mixcpt:cluster": "demo-existing" },
  });
});

describe("the cluster file of an earlier demo", () => {
  const images = { data: registryImage, llamaFactory: registryImage, evaluate: registryImage, store: registryImage };
  const file = (image: string) =>
    [
      "# a note of the user",
      "config:",
      "  aws:region: eu-north-1",
      "  mixcpt-infra:cluster:",
      "    kind: existing # a cluster of the site",
      "    images:",
      ...Object.keys(images).map((name) => `      ${name}: ${image}`),
      "    controllers: published",
      "",
    ].join("\n");

  it("gets the images of another commit and keeps everything else", () => {
    expect(replaceImages(file(kindImage), images)).toBe(file(registryImage));
  });

  it("stays as it is, in every byte, with the same images", () => {
    const text = `${file(registryImage)}\n\n# "end"\n`;
    expect(replaceImages(text, images)).toBe(text);
  });

  it("keeps the key that must have signed the images", () => {
    const text = "config:\n  mixcpt-infra:cluster:\n    images:\n      data: old\n      publicKey: keys/lab.pub\n";
    expect(load(replaceImages(text, images))).toEqual({
      config: { "mixcpt-infra:cluster": { images: { ...images, publicKey: "keys/lab.pub" } } },
    });
  });

  it("gets images if it has none", () => {
    const text = "config:\n  mixcpt-infra:cluster:\n    kind: existing\n";
    expect(load(replaceImages(text, images))).toEqual({
      config: { "mixcpt-infra:cluster": { kind: "existing", images } },
    });
  });
});
