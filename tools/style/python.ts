import type { FileNames } from "./measure.ts";

function collectMatches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = ""]) => name);
}

/** Reads the functions, top-level names and docstrings of a Python file; the names of dunder methods are prescribed. */
export function readPython(path: string, text: string): FileNames {
  const isFreelyNamed = (name: string): boolean => !/^__.*__$/.test(name);
  return {
    path,
    functions: collectMatches(text, /^\s*(?:async )?def (\w+)/gm).filter(isFreelyNamed),
    topLevel: [
      ...collectMatches(text, /^(?:async )?(?:def|class) (\w+)/gm),
      ...collectMatches(text, /^(\w+)(?:: [^=\n]+)? = /gm),
    ].filter(isFreelyNamed),
    docs: collectMatches(text, /(?:^|:\n\s+)"""(\S[\s\S]*?)"""/g),
    lines: text.split("\n"),
  };
}
