import { countPackages, describeSubject } from "./sbom.ts";

jest.mock("../setup/runInImage.ts", () => ({ withImageRoot: jest.fn() }));

const sbom = JSON.stringify({
  bomFormat: "CycloneDX",
  metadata: { timestamp: "2026-11-29", component: { "bom-ref": "af63", type: "file", name: "/var/lib/merged" } },
  components: [
    { type: "library", name: "bash", purl: "pkg:deb/debian/bash@5.2?arch=amd64" },
    { type: "library", name: "torch", purl: "pkg:pypi/torch@2.6.0" },
    { type: "library", name: "numpy", purl: "pkg:pypi/numpy@2.2.4" },
    { type: "operating-system", name: "debian" },
  ],
});
const digest = `sha256:${"a".repeat(64)}`;

describe("the bill of materials of an image", () => {
  it("names the image by its digest, and not the folder where it was mounted", () => {
    const described: unknown = JSON.parse(describeSubject(sbom, `registry.example:5000/mixcpt/data@${digest}`));
    expect(described).toMatchObject({
      bomFormat: "CycloneDX",
      metadata: {
        timestamp: "2026-11-29",
        component: {
          "bom-ref": "af63",
          type: "container",
          name: "registry.example:5000/mixcpt/data",
          version: digest,
          purl: `pkg:oci/data@sha256%3A${"a".repeat(64)}?repository_url=registry.example%3A5000%2Fmixcpt%2Fdata`,
        },
      },
    });
    expect(JSON.stringify(described)).not.toContain("/var/lib/merged");
  });

  it("counts the packages of each kind", () => {
    expect(countPackages(sbom)).toEqual({ deb: 1, pypi: 2 });
  });

  it("is refused if it is none", () => {
    expect(() => describeSubject("{}", `r.example/data@${digest}`)).toThrow();
  });
});
