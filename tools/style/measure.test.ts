import { isAimReached, measureStyle } from "./measure.ts";
import type { Figure, FileNames } from "./measure.ts";
import { readPython } from "./python.ts";
import { readTypeScript } from "./typescript.ts";

function selectFigure(name: string, files: readonly FileNames[], allowed: readonly string[] = []): Figure {
  const figure = measureStyle(files, new Set(allowed), 60).find((candidate) => candidate.name.startsWith(name));
  if (figure === undefined) throw new Error(`${name}: no such figure`);
  return figure;
}

describe("the share of functions that begin with a verb", () => {
  it("counts declarations, methods, and variables and properties that hold functions", () => {
    const source = `
      export function renderRow() {}
      function row() {}
      class Reader { readAll() {} private rest = () => 1; }
      const isEmpty = (list: string[]) => list.length === 0;
      const notCounted = 3;`;
    expect(selectFigure("functions whose name", [readTypeScript("a.ts", source)])).toMatchObject({
      value: 60,
      offenders: ["a.ts: row", "a.ts: rest"],
    });
  });

  it("is the same for snake_case and private names of Python, without dunder methods", () => {
    const source = [
      "class Reader:",
      "    def __init__(self): ...",
      "    def _read_all(self): ...",
      "async def rows(): ...",
    ].join("\n");
    expect(selectFigure("functions whose name", [readPython("a.py", source)])).toMatchObject({
      value: 50,
      offenders: ["a.py: rows"],
    });
  });

  it("accepts verbs of questions and rejects words that are mainly nouns", () => {
    const source = "function affectsResult() {} function classifyRow() {} function planPage() {}";
    expect(selectFigure("functions whose name", [readTypeScript("a.ts", source)]).offenders).toEqual([
      "a.ts: planPage",
    ]);
  });
});

it("counts names that end in Of, but not words that end in these letters", () => {
  const files = [
    readTypeScript("a.ts", "function nameOf() {} function readProof() {}"),
    readPython("a.py", "def name_of(): ..."),
  ];
  expect(selectFigure("functions named xOf", files)).toMatchObject({ value: 2 });
});

it("counts names of one word", () => {
  const source = "function read() {} function readHTTPHeader() {} function _x() {} function readX() {}";
  expect(selectFigure("functions named with one", [readTypeScript("a.ts", source)])).toMatchObject({
    value: 50,
    offenders: ["a.ts: read", "a.ts: _x"],
  });
});

describe("repeated top-level names", () => {
  const files = [
    readTypeScript("a.ts", "const limit = 1; interface Row {} const { first, last } = read();"),
    readTypeScript("b.ts", "type Row = string; function limitOnce() { const limit = 2; return limit; }"),
    readTypeScript("c.ts", "class Last {} const last = 3; function main() {}"),
    readTypeScript("d.ts", "function main() {}"),
  ];

  it("are those that two or more files declare at their top level", () => {
    expect(selectFigure("top-level names", files).offenders).toEqual([
      "Row: a.ts, b.ts",
      "last: a.ts, c.ts",
      "main: c.ts, d.ts",
    ]);
  });

  it("exclude the names that are allowed", () => {
    expect(selectFigure("top-level names", files, ["main"]).offenders).toEqual(["Row: a.ts, b.ts", "last: a.ts, c.ts"]);
  });

  it("include constants and classes of Python", () => {
    const python = ["LIMIT: int = 1\nclass Row: ...", "LIMIT = 2\ndef read_row():\n    row = 1"];
    expect(
      selectFigure(
        "top-level names",
        python.map((text, index) => readPython(`${String(index)}.py`, text)),
      ).offenders,
    ).toEqual(["LIMIT: 0.py, 1.py"]);
  });
});

describe("doc comments that open with a clause", () => {
  it("are recognized by their first word, on one line or several", () => {
    const source = `
      /** What a row is. */
      /**
       * Where it is stored.
       */
      /** The whole row. */
      // Why not`;
    expect(selectFigure("doc comments", [readTypeScript("a.ts", source)])).toMatchObject({
      value: (100 * 2) / 3,
      offenders: ["a.ts: What a row is.", "a.ts: Where it is stored."],
    });
  });

  it("are docstrings in Python", () => {
    const source = '"""Its rows."""\ndef read_row():\n    """Reads a row."""\n';
    expect(selectFigure("doc comments", [readPython("a.py", source)])).toMatchObject({ value: 50 });
  });
});

it("lists lines that are too long", () => {
  const source = `const short = 1;\n// ${"x".repeat(58)}\n`;
  expect(selectFigure("lines over", [readTypeScript("a.ts", source)])).toMatchObject({
    value: 1,
    offenders: ["a.ts:2"],
  });
});

describe("an aim", () => {
  const figure: Figure = { name: "", value: 65, unit: "%", aim: { atLeast: 65 }, offenders: [] };

  it("is reached at its limit and missed beyond it", () => {
    expect(isAimReached(figure)).toBe(true);
    expect(isAimReached({ ...figure, value: 64.9 })).toBe(false);
    expect(isAimReached({ ...figure, aim: { atMost: 65 } })).toBe(true);
    expect(isAimReached({ ...figure, value: 65.1, aim: { atMost: 65 } })).toBe(false);
  });

  it("is reached by an empty set of files", () => {
    const missed = measureStyle([], new Set(), 120).filter((empty) => !isAimReached(empty));
    expect(missed).toEqual([]);
  });
});
