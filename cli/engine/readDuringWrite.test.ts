import { readDuringWrite } from "./readDuringWrite.ts";

jest.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));

/** Reads a state whose attempts fail like this, one after the other, and then succeed. */
function readThrough(...failures: readonly Error[]) {
  const remaining = [...failures];
  const read = jest.fn(() => {
    const failure = remaining.shift();
    return failure === undefined ? Promise.resolve("state") : Promise.reject(failure);
  });
  return { read, result: readDuringWrite(read) };
}

const halfWritten = [
  new Error("code: 1\n stdout: \n stderr: error: failed to load checkpoint: EOF\n"),
  new Error('error: failed to load checkpoint: blob (key ".pulumi/stacks/a/b.json") (code=Unknown): unexpected EOF'),
];

it("reads a state again that another command is writing", async () => {
  const { read, result } = readThrough(...halfWritten);
  expect(await result).toBe("state");
  expect(read).toHaveBeenCalledTimes(3);
});

it("gives up on a state that stays half-written", async () => {
  const { read, result } = readThrough(
    ...Array.from({ length: 20 }, () => new Error("failed to load checkpoint: EOF")),
  );
  await expect(result).rejects.toThrow("failed to load checkpoint: EOF");
  expect(read).toHaveBeenCalledTimes(10);
});

it("does not read again after another error", async () => {
  const { read, result } = readThrough(new Error("error: incorrect passphrase"));
  await expect(result).rejects.toThrow("incorrect passphrase");
  expect(read).toHaveBeenCalledTimes(1);
});
