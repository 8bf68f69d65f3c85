import type { FileNames } from "./measure.ts";

function collect(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = ""]) => name);
}

/** Names of functions, of top-level declarations, and docstrings of one Python file. Dunder methods are Python's, not ours. */
export function readPython(path: string, text: string): FileNames {
  const isOwn = (name: string): boolean => !/^__.*__$/.test(name);
  return {
    path,
    functions: collect(text, /^\s*(?:async )?def (\w+)/gm).filter(isOwn),
    topLevel: [
      ...collect(text, /^(?:async )?(?:def|class) (\w+)/gm),
      ...collect(text, /^(\w+)(?:: [^=\n]+)? = /gm),
    ].filter(isOwn),
    docs: collect(text, /(?:^|:\n\s+)"""(\S[\s\S]*?)"""/g),
    lines: text.split("\n"),
  };
}
