import { readFileSync } from "node:fs";
import { knownLanguages } from "./knownLanguages.ts";

describe("the known languages", () => {
  it("are the languages that the images know, with the same names", () => {
    const table = readFileSync("images/base/mixcpt_store/languages.py", "utf8").matchAll(
      /^ {4}"([a-z]{3}_[A-Z][a-z]{3})": "(.+)",$/gm,
    );
    const inImages = Object.fromEntries([...table].map(([, code, name]) => [code, name]));
    expect(Object.fromEntries(knownLanguages.map(({ code, name }) => [code, name]))).toEqual(inImages);
  });
});
