import { fitSections } from "./fitSections.ts";
import { shortenPair } from "./shortenPair.ts";

describe("a pair of values", () => {
  it("is shown completely if it is short", () => {
    expect(shortenPair("0.1", "0.2")).toEqual(["0.1", "0.2"]);
  });

  it("is cut around the first difference, so that two digests of an image differ", () => {
    const name = "registry.example.org/team/llama-factory@sha256:";
    const [before, after] = shortenPair(`${name}${"a".repeat(64)}`, `${name}${"a".repeat(8)}b${"a".repeat(55)}`);
    expect(before).toBe(`…@sha256:${"a".repeat(32)}…`);
    expect(after).not.toBe(before);
    expect(after).toBe(`…@sha256:${"a".repeat(8)}b${"a".repeat(23)}…`);
  });
});

describe("sections of a comment", () => {
  const section = (title: string, count: number) => ({
    title,
    opening: [title],
    rows: Array.from({ length: count }, (_, index) => `${title} row ${String(index)}`),
    closing: [""],
  });

  it("are complete if they fit", () => {
    expect(fitSections([section("a", 2), section("b", 1)], 1000)).toBe("a\na row 0\na row 1\n\nb\nb row 0\n\n");
  });

  it("keep the first rows of an earlier section and name every section that is cut", () => {
    const text = fitSections([section("first", 100), section("second", 100)], 1000);
    expect(text.length).toBeLessThanOrEqual(1000);
    expect(text).toMatch(/^first\nfirst row 0\n/);
    expect(text).toMatch(/\*\*Cut:\*\* first, \d+ lines of 100 left out/);
    expect(text).toContain("**Cut:** second, ");
  });
});
