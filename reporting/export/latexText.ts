const latexEscapes: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  $: "\\$",
  "&": "\\&",
  "#": "\\#",
  "%": "\\%",
  _: "\\_",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "→": "$\\rightarrow$",
  "±": "$\\pm$",
  "−": "$-$",
  "–": "--",
};

/** A text in which LaTeX reads no command. Letters of any script stay, which LuaLaTeX and XeLaTeX need a font for. */
export function escapeLatex(text: string): string {
  return text.replaceAll(/[\\{}$&#%_~^<>→±−–]/g, (character) => latexEscapes[character] ?? character);
}

/** A group of columns under one head. */
export interface LatexColumnGroup {
  readonly title: string;
  readonly columns: readonly string[];
}

export interface LatexRow {
  readonly title: string;
  /** LaTeX, one for each column of all groups. */
  readonly cells: readonly string[];
  /** Draws a thin line above the row, where another group of rows begins. */
  readonly startsGroup?: boolean;
}

export interface LatexTable {
  /** Name of the file, and of the label `tab:NAME`. */
  readonly name: string;
  readonly caption: string;
  readonly rowHead: string;
  readonly groups: readonly LatexColumnGroup[];
  readonly rows: readonly LatexRow[];
}

/** Lines under the heads of groups of several columns. */
function renderGroupRules(groups: readonly LatexColumnGroup[]): string {
  let first = 2;
  return groups
    .map(({ columns }) => {
      const last = first + columns.length - 1;
      const rule = `\\cmidrule(lr){${String(first)}-${String(last)}}`;
      first = last + 1;
      return rule;
    })
    .join(" ");
}

function renderLatexLine(cells: readonly string[]): string {
  return `${cells.join(" & ")} \\\\`;
}

function renderGroupHeads(groups: readonly LatexColumnGroup[]): string {
  return renderLatexLine([
    "",
    ...groups.map(({ title, columns }) => `\\multicolumn{${String(columns.length)}}{c}{${escapeLatex(title)}}`),
  ]);
}

function renderLatexRow({ title, cells, startsGroup = false }: LatexRow): string {
  return (startsGroup ? "\\midrule\n" : "") + renderLatexLine([escapeLatex(title), ...cells]);
}

/** A table of the packages booktabs and graphicx, which shrink it to the width of the text if it is wider. */
export function renderLatexTable({ name, caption, rowHead, groups, rows }: LatexTable): string {
  const columns = groups.flatMap((group) => group.columns);
  return `% Needs \\usepackage{booktabs} and \\usepackage{adjustbox}.
\\begin{table}[t]
\\centering
\\caption{${escapeLatex(caption)}}
\\label{tab:${name}}
\\begin{adjustbox}{max width=\\textwidth}
\\begin{tabular}{l${"r".repeat(columns.length)}}
\\toprule
${renderGroupHeads(groups)}
${renderGroupRules(groups)}
${renderLatexLine([rowHead, ...columns].map(escapeLatex))}
\\midrule
${rows.map(renderLatexRow).join("\n")}
\\bottomrule
\\end{tabular}
\\end{adjustbox}
\\end{table}
`;
}
