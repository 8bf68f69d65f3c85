import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeTruncatedRecords, restoreTruncatedState } from "./stackState.ts";

const directory = mkdtempSync(join(tmpdir(), "mixcpt-state-"));
const file = join(directory, "dev.json");
afterAll(() => rmSync(directory, { recursive: true }));

function writeStateFiles(state: string, backup?: string): void {
  writeFileSync(file, state);
  rmSync(`${file}.bak`, { force: true });
  if (backup !== undefined) writeFileSync(`${file}.bak`, backup);
}

describe("restoreTruncatedState", () => {
  it("leaves a complete state alone", () => {
    writeStateFiles('{"version":3}', '{"version":2}');
    restoreTruncatedState(file);
    expect(readFileSync(file, "utf8")).toBe('{"version":3}');
  });

  it("restores a truncated state from its backup", () => {
    writeStateFiles('{"version":3,"deploy', '{"version":2}');
    restoreTruncatedState(file);
    expect(readFileSync(file, "utf8")).toBe('{"version":2}');
  });

  it.each([[undefined], ['{"ver']])(
    "sets a truncated state aside and prints a notice if its backup is %s",
    (backup) => {
      const printError = jest.spyOn(console, "error").mockImplementation(() => undefined);
      writeStateFiles('{"version":3,"deploy', backup);
      restoreTruncatedState(file);
      expect(existsSync(file)).toBe(false);
      expect(readFileSync(`${file}.cut-off`, "utf8")).toBe('{"version":3,"deploy');
      expect(printError).toHaveBeenCalledWith(expect.stringContaining(`${file}.cut-off`));
    },
  );

  it("ignores a state that does not exist", () => {
    restoreTruncatedState(join(directory, "never.json"));
    expect(existsSync(join(directory, "never.json"))).toBe(false);
  });
});

describe("removeTruncatedRecords", () => {
  const history = join(directory, ".pulumi/history/mixcpt/dev");

  function writeRecord(name: string, text: string): string {
    mkdirSync(history, { recursive: true });
    writeFileSync(join(history, name), text);
    return join(history, name);
  }

  it.each([
    ["dev.json.attrs", ""],
    ["dev.json.attrs", '{"user.cache'],
    ["dev-1.history.json", ""],
  ])("removes %s that contains %j", (name, text) => {
    const record = writeRecord(name, text);
    removeTruncatedRecords(directory);
    expect(existsSync(record)).toBe(false);
  });

  it.each([
    ["dev.json.attrs", "{}"],
    ["dev-1.history.json", "{}"],
    ["dev.json", ""],
  ])("keeps %s that contains %j", (name, text) => {
    const record = writeRecord(name, text);
    removeTruncatedRecords(directory);
    expect(existsSync(record)).toBe(true);
  });

  it("accepts a backend without any stack", () => {
    expect(() => removeTruncatedRecords(join(directory, "empty"))).not.toThrow();
  });
});
