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

describe("a stack's file", () => {
  it("is a map of values", () => {
    expect(readLabValues("config:\n  mixcpt:family: tiny\n")).toEqual({ "mixcpt:family": "tiny" });
  });

  it("may be empty", () => {
    expect(readLabValues("")).toEqual({});
  });

  it("that is no YAML is named, with the line", () => {
    expect(() => readLabValues("config:\n  mixcpt:family: [tiny\n")).toThrow(
      /^Pulumi\.lab\.yaml is not YAML:\n[\s\S]*line 3/,
    );
  });

  it("that has keys of this project beside config, where nobody would read them, is refused with all of them", () => {
    const text = readFileSync("tests/config/beside-config.yaml", "utf8");
    expect(() => readLabValues(text)).toThrow(
      "Pulumi.lab.yaml cannot be used:\n  mixcpt:overrides stands beside config; indent it below\n  mixcpt:sequenceLength stands beside config; indent it below",
    );
  });

  it("may have beside config what Pulumi writes there", () => {
    expect(
      readLabValues(
        "encryptionsalt: v1:abc\nsecretsprovider: passphrase\nencryptedkey: k\nenvironment: [lab]\nconfig: { mixcpt:family: tiny }\n",
      ),
    ).toEqual({ "mixcpt:family": "tiny" });
  });

  it("that has a key twice is told which, and where, not that it is no YAML", () => {
    const text =
      "config:\n  mixcpt:family: tiny\n  mixcpt:axes: { data: [Mono], data: [Bi] }\n  mixcpt:family: viking\n";
    expect(() => readLabValues(text)).toThrow(
      /^Pulumi\.lab\.yaml cannot be used:\n *data is written twice; the second is in line 3\n *mixcpt:family is written twice; the second is in line 4$/,
    );
  });

  it.each(["config: 3", "config: [mixcpt:family]", "- tiny", "tiny"])(
    "that holds something else is told what it should hold: %s",
    (text) => {
      expect(() => readLabValues(text)).toThrow(
        /^Pulumi\.lab\.yaml cannot be used: below config .*mixcpt:family: viking/,
      );
    },
  );
});

describe("a stack that there is not", () => {
  it("is answered with those that there are, the one that was meant, and what to write for another", () => {
    writeFileSync(join(folder, "Pulumi.viking.yaml"), "");
    expect(() => refuseUnknownStack("mixcpt", "vikng")).toThrow(
      'stack "vikng" is unknown. There are: viking (did you mean "viking"?); for another one write Pulumi.vikng.yaml (docs/stacks.md)',
    );
  });

  it("may be that of a cluster, which has a page of its own", () => {
    jest.replaceProperty(projectDirectories, "mixcpt-infra", folder);
    writeFileSync(join(folder, "Pulumi.dev.yaml"), "");
    expect(() => refuseUnknownStack("mixcpt-infra", "lumi")).toThrow(
      'cluster "lumi" is unknown. There are: dev; for another one write infra/Pulumi.lumi.yaml (docs/cluster.md)',
    );
  });
});
