import {
  extractSkopeoMessage,
  formatRegistryReference,
  isMissingImageError,
  parseRegistryAddress,
} from "./registryAddress.ts";

describe("the registry", () => {
  it("may have a port, a path, and plain HTTP", () => {
    expect(parseRegistryAddress("registry.example/team/mixcpt")).toEqual({
      prefix: "registry.example/team/mixcpt",
      isPlain: false,
    });
    expect(parseRegistryAddress("http://10.0.0.1:5000/")).toEqual({ prefix: "10.0.0.1:5000", isPlain: true });
    expect(parseRegistryAddress("localhost/m").prefix).toBe("localhost/m");
  });

  it.each(["mixcpt", "docker/mixcpt", "registry.example/Mixcpt", "ftp://registry.example/m", ""])(
    "is not %p",
    (text) => {
      expect(() => parseRegistryAddress(text)).toThrow(`--registry: ${text} is not allowed; must be HOST[:PORT]/PATH`);
    },
  );

  it("gets the images under their names and tags", () => {
    const registry = parseRegistryAddress("registry.example/mixcpt");
    expect(formatRegistryReference(registry, "mixcpt.local/data:0123456789ab")).toBe(
      "registry.example/mixcpt/data:0123456789ab",
    );
  });

  it("that has no such image is told from one that cannot be asked", () => {
    for (const message of ["reading manifest x in r: manifest unknown", "name unknown: repository name not known"])
      expect(isMissingImageError(message)).toBe(true);
    for (const message of ["connection refused", "unauthorized: authentication required"])
      expect(isMissingImageError(message)).toBe(false);
  });
});

it("an error of skopeo is shown without time and level", () => {
  expect(extractSkopeoMessage('time="2026" level=fatal msg="Get \\"https://r\\": refused"')).toBe(
    'Get "https://r": refused',
  );
  expect(extractSkopeoMessage("skopeo: killed")).toBe("skopeo: killed");
});
