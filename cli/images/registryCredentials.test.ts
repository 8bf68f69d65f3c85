import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { hasCredentials, withRegistryCredentials } from "./registryCredentials.ts";

const image = "registry.example:5000/mixcpt/data@sha256:0";

function login(host: string): string {
  return JSON.stringify({ auths: { [host]: { auth: "bWU6c2VjcmV0" } } });
}

describe("credentials of a registry", () => {
  it("are those of its host, or of a path in it", () => {
    for (const host of ["registry.example:5000", "registry.example:5000/mixcpt"])
      expect(hasCredentials(login(host), image)).toBe(true);
    expect(hasCredentials(JSON.stringify({ credHelpers: { "registry.example:5000": "ecr-login" } }), image)).toBe(true);
  });

  it("are not those of another host, and not in a file that cannot be read", () => {
    for (const text of [login("registry.example"), login("registry.example:50001"), "{}", "", "[]", '{"auths": 1}'])
      expect(hasCredentials(text, image)).toBe(false);
  });
});

describe("a program that reads Docker's credentials", () => {
  let folder: string;
  const original = {
    XDG_RUNTIME_DIR: env["XDG_RUNTIME_DIR"] ?? "",
    XDG_CONFIG_HOME: env["XDG_CONFIG_HOME"] ?? "",
    DOCKER_CONFIG: env["DOCKER_CONFIG"] ?? "",
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "credentials-"));
    mkdirSync(join(folder, "containers"));
    delete env["REGISTRY_AUTH_FILE"];
    Object.assign(env, {
      XDG_RUNTIME_DIR: folder,
      XDG_CONFIG_HOME: join(folder, "config"),
      DOCKER_CONFIG: join(folder, "docker"),
    });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    delete env["REGISTRY_AUTH_FILE"];
    Object.assign(env, original);
  });

  function readAsDocker(variables: Readonly<Record<string, string>>): Promise<string> {
    return Promise.resolve(readFileSync(join(variables["DOCKER_CONFIG"] ?? "", "config.json"), "utf8"));
  }

  it("gets those of skopeo, in a folder that is removed afterwards", async () => {
    writeFileSync(join(folder, "containers/auth.json"), login("registry.example:5000"));
    let used = "";
    const text = await withRegistryCredentials(image, (variables) => {
      used = variables["DOCKER_CONFIG"] ?? "";
      return readAsDocker(variables);
    });
    expect(text).toBe(login("registry.example:5000"));
    expect(existsSync(used)).toBe(false);
    expect(existsSync(join(folder, "containers/auth.json"))).toBe(true);
  });

  it("gets those that skopeo keeps in the home directory, as on macOS", async () => {
    mkdirSync(join(folder, "config/containers"), { recursive: true });
    writeFileSync(join(folder, "config/containers/auth.json"), login("registry.example:5000"));
    expect(await withRegistryCredentials(image, readAsDocker)).toBe(login("registry.example:5000"));
  });

  it("gets Docker's own where skopeo has none for this registry", async () => {
    writeFileSync(join(folder, "containers/auth.json"), login("other.example"));
    mkdirSync(join(folder, "docker"));
    writeFileSync(join(folder, "docker/config.json"), login("registry.example:5000"));
    expect(await withRegistryCredentials(image, readAsDocker)).toBe(login("registry.example:5000"));
  });

  it("gets those of the file that the user names, alone", async () => {
    env["REGISTRY_AUTH_FILE"] = join(folder, "named.json");
    writeFileSync(join(folder, "containers/auth.json"), login("registry.example:5000"));
    expect(await withRegistryCredentials(image, (variables) => Promise.resolve(variables))).toEqual({});
    writeFileSync(join(folder, "named.json"), login("registry.example:5000"));
    expect(await withRegistryCredentials(image, readAsDocker)).toBe(login("registry.example:5000"));
  });
});
