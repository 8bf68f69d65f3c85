import { PassThrough } from "node:stream";
import { confirmChange, confirmRemoval } from "./confirmRemoval.ts";

function openTerminal(isTTY: boolean, answer = "") {
  const input = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.ReadStream;
  const output = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream;
  (input as unknown as PassThrough).write(answer);
  return { input, output };
}

describe("a removal", () => {
  it("needs --yes where there is no terminal to ask on", async () => {
    await expect(confirmRemoval({ command: "destroy dev", yes: false, ...openTerminal(false) })).rejects.toThrow(
      "destroy dev: nothing was removed, because this is not a terminal; confirm with --yes",
    );
    await expect(confirmRemoval({ command: "destroy dev", yes: true, ...openTerminal(false) })).resolves.toBe(
      undefined,
    );
  });

  it("goes ahead on a terminal after yes, and not after anything else", async () => {
    const confirm = (answer: string) =>
      confirmRemoval({ command: "destroy dev", yes: false, ...openTerminal(true, answer) });
    await expect(confirm("yes\n")).resolves.toBe(undefined);
    await expect(confirm("\n")).rejects.toThrow("destroy dev: nothing was removed");
    await expect(confirm("y\n")).rejects.toThrow("nothing was removed");
  });
});

it("a change is asked for in the same way", async () => {
  const confirm = (isTTY: boolean, answer = "") =>
    confirmChange({ command: "demo --on kind", yes: false, ...openTerminal(isTTY, answer) });
  await expect(confirm(false)).rejects.toThrow("demo --on kind: nothing was changed, because this is not a terminal");
  await expect(confirm(true, "no\n")).rejects.toThrow("demo --on kind: nothing was changed");
  await expect(confirm(true, "yes\n")).resolves.toBe(undefined);
});
