import { PassThrough } from "node:stream";
import { askSecret } from "./askSecret.ts";

/** The two streams of a terminal, and all that it shows. */
function buildTerminal(isTTY: boolean) {
  const input = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.ReadStream;
  const shown: string[] = [];
  const output = { isTTY, write: (text: string) => shown.push(text) } as unknown as NodeJS.WriteStream;
  return { streams: { input, output }, shown };
}

describe("a question for a secret", () => {
  it("shows nothing of the answer", async () => {
    const { streams, shown } = buildTerminal(true);
    const answer = askSecret("passphrase: ", streams);
    (streams.input as unknown as PassThrough).write("sword fish\r");
    expect(await answer).toBe("sword fish");
    expect(shown.join("")).toBe("passphrase: \n");
  });

  it("may have an empty answer", async () => {
    const { streams } = buildTerminal(true);
    const answer = askSecret("passphrase: ", streams);
    (streams.input as unknown as PassThrough).write("\r");
    expect(await answer).toBe("");
  });

  it("ends at Ctrl+C", async () => {
    const { streams } = buildTerminal(true);
    const answer = askSecret("passphrase: ", streams);
    (streams.input as unknown as PassThrough).write("\u0003");
    await expect(answer).rejects.toThrow("interrupted; nothing was changed");
  });

  it("is not asked without a terminal", async () => {
    const { streams, shown } = buildTerminal(false);
    expect(await askSecret("passphrase: ", streams)).toBeUndefined();
    expect(shown).toEqual([]);
  });
});
