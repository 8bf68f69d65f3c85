import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDirectories, refuseUnknownStack, readStackValues } from "./stackDeclarations.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mixcpt-stacks-"));
  jest.replaceProperty(projectDirectories, "mixcpt", folder);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function readLabValues(text: string) {
  writeFileSync(join(folder, "Pulumi.lab.yaml"), text);
  return readStackValues("mixcpt", "lab");
}

describe("readStackValues", () => {
  it("returns the values of a stack's file", () => {
    expect(readLabValues("config:\n  mixcpt:family: tiny\n")).toEqual({ "mixcpt:family": "tiny" });
  });

  it("accepts an empty file", () => {
    expect(readLabValues("")).toEqual({});
  });

  it("names a file that is not YAML, and the line", () => {
    expect(() => readLabValues("config:\n  mixcpt:family: [tiny\n")).toThrow(
      /^Pulumi\.lab\.yaml is not YAML:\n[\s\S]*line 3/,
    );
  });

  it("rejects all of the project's keys outside config, where they would be ignored", () => {
    const text = readFileSync("tests/config/beside-config.yaml", "utf8");
    expect(() => readLabValues(text)).toThrow(
      [
        "Pulumi.lab.yaml cannot be used:",
        "  mixcpt:overrides must be indented below config",
        "  mixcpt:sequenceLength must be indented below config",
      ].join("\n"),
    );
  });

  it("accepts the keys that Pulumi writes outside config", () => {
    const text = [
      "encryptionsalt: v1:abc",
      "secretsprovider: passphrase",
      "encryptedkey: k",
      "environment: [lab]",
      "config: { mixcpt:family: tiny }",
      "",
    ].join("\n");
    expect(readLabValues(text)).toEqual({ "mixcpt:family": "tiny" });
  });

  it("names duplicate keys and their lines instead of calling the file invalid YAML", () => {
    const text =
      "config:\n  mixcpt:family: tiny\n  mixcpt:axes: { data: [Mono], data: [Bi] }\n  mixcpt:family: viking\n";
    expect(() => readLabValues(text)).toThrow(
      [
        "Pulumi.lab.yaml cannot be used:",
        "  data is defined twice; the second definition is on line 3",
        "  mixcpt:family is defined twice; the second definition is on line 4",
      ].join("\n"),
    );
  });

  it.each(["config: 3", "config: [mixcpt:family]", "- tiny", "tiny"])(
    "describes the expected content of a file that holds something else: %s",
    (text) => {
      expect(() => readLabValues(text)).toThrow(
        /^Pulumi\.lab\.yaml cannot be used: config must hold .*mixcpt:family: viking/,
      );
    },
  );
});

describe("refuseUnknownStack", () => {
  it("lists the known stacks, suggests the nearest name, and tells how to add a stack", () => {
    writeFileSync(join(folder, "Pulumi.viking.yaml"), "");
    expect(() => refuseUnknownStack("mixcpt", "vikng")).toThrow(
      'stack "vikng" is unknown; known: viking (did you mean "viking"?); ' +
        "to add another, write Pulumi.vikng.yaml (docs/stacks.md)",
    );
  });

  it("points to the page on clusters for an unknown cluster", () => {
    jest.replaceProperty(projectDirectories, "mixcpt-infra", folder);
    writeFileSync(join(folder, "Pulumi.dev.yaml"), "");
    expect(() => refuseUnknownStack("mixcpt-infra", "lumi")).toThrow(
      'cluster "lumi" is unknown; known: dev; to add another, write infra/Pulumi.lumi.yaml (docs/cluster.md)',
    );
  });
});
