import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { restoreTruncatedState } from "./stackState.ts";

const directory = mkdtempSync(join(tmpdir(), "mixcpt-state-"));
const file = join(directory, "dev.json");
afterAll(() => rmSync(directory, { recursive: true }));

function writeStateFiles(state: string, before?: string): void {
  writeFileSync(file, state);
  rmSync(`${file}.bak`, { force: true });
  if (before !== undefined) writeFileSync(`${file}.bak`, before);
}

describe("the state of a stack", () => {
  it("that is whole is left alone", () => {
    writeStateFiles('{"version":3}', '{"version":2}');
    restoreTruncatedState(file);
    expect(readFileSync(file, "utf8")).toBe('{"version":3}');
  });

  it("that a kill cut off is put back to the step before", () => {
    writeStateFiles('{"version":3,"deploy', '{"version":2}');
    restoreTruncatedState(file);
    expect(readFileSync(file, "utf8")).toBe('{"version":2}');
  });

  it.each([[undefined], ['{"ver']])(
    "that is cut off with %s before it is put aside with a word: the objects are there and are taken over",
    (before) => {
      const said = jest.spyOn(console, "error").mockImplementation(() => undefined);
      writeStateFiles('{"version":3,"deploy', before);
      restoreTruncatedState(file);
      expect(existsSync(file)).toBe(false);
      expect(readFileSync(`${file}.cut-off`, "utf8")).toBe('{"version":3,"deploy');
      expect(said).toHaveBeenCalledWith(expect.stringContaining(`${file}.cut-off`));
    },
  );

  it("that is not there is no trouble", () => {
    restoreTruncatedState(join(directory, "never.json"));
    expect(existsSync(join(directory, "never.json"))).toBe(false);
  });
});
