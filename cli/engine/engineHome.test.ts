import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareEngineHome } from "./engineHome.ts";

const mockFolder = mkdtempSync(join(tmpdir(), "mixcpt-home-"));
let mockHome = `${mockFolder}/user`;
jest.mock("../../workspace/environment.ts", () => ({
  resolvePulumiHome: () => mockHome,
  get stateDirectory() {
    return `${mockFolder}/state`;
  },
}));

afterAll(() => rmSync(mockFolder, { recursive: true }));

describe("Pulumi's home for the calls of this project", () => {
  it("has the user's plugins, also those that are installed later", () => {
    const home = prepareEngineHome();
    mkdirSync(join(mockFolder, "user/plugins/resource-kubernetes-v4.0.0"));
    expect(realpathSync(join(home, "plugins/resource-kubernetes-v4.0.0"))).toBe(
      realpathSync(join(mockFolder, "user/plugins/resource-kubernetes-v4.0.0")),
    );
  });

  it("has no folder for logs, and leaves those of the user alone", () => {
    mkdirSync(join(mockFolder, "user/logs"), { recursive: true });
    writeFileSync(join(mockFolder, "user/logs/pulumi.log"), "text");
    expect(statSync(join(prepareEngineHome(), "logs")).isFile()).toBe(true);
    expect(readFileSync(join(mockFolder, "user/logs/pulumi.log"), "utf8")).toBe("text");
  });

  it("is made once for each home of the user", () => {
    const first = prepareEngineHome();
    expect(prepareEngineHome()).toBe(first);
    mockHome = `${mockFolder}/other`;
    expect(prepareEngineHome()).not.toBe(first);
  });

  it("leaves folders to Pulumi where the user's home cannot have them", () => {
    writeFileSync(join(mockFolder, "file"), "");
    mockHome = join(mockFolder, "file/home");
    const home = prepareEngineHome();
    expect(existsSync(join(home, "logs"))).toBe(true);
    mkdirSync(join(home, "plugins"));
  });
});
