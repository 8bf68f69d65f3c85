import type { JudgedReport } from "../category/categoryVerdict.ts";
import { renderPage } from "../page/renderPage.ts";
import { styleSheet } from "../page/styleSheet.ts";
import { plotRules } from "../plot/plotStyle.ts";
import type { ExportFile } from "./exportFile.ts";

/** A mark and its meaning. */
interface LegendEntry {
  readonly mark: string;
  readonly text: string;
}

const legendRowHeight = 18;
/** Width of a character of an 11 px label, rounded up. */
const legendCharacterWidth = 7;
const markWidth = 22;

/** Colors of the page in light mode: the first value of each variable. */
function readLightColors(): ReadonlyMap<string, string> {
  const values = [...styleSheet.matchAll(/(--[a-z-]+): (#[0-9a-f]+);/g)];
  return new Map(values.reverse().map(([, name = "", color = ""]) => [name, color]));
}

/** The style of all figures. Programs that convert SVG do not know variables, so that colors replace them. */
function buildFigureStyle(): string {
  const colors = readLightColors();
  const rules = plotRules.replaceAll(/var\((--[a-z-]+)\)/g, (_, name: string) => colors.get(name) ?? "#000");
  return `svg { font: 11px "DejaVu Sans", sans-serif; }\n${rules}`;
}

function listLegendEntries(figure: string): LegendEntry[] {
  return [...figure.matchAll(/<li><svg[^>]*>(.*?)<\/svg> (.*?)<\/li>/g)].map(([, mark = "", text = ""]) => ({
    mark,
    text,
  }));
}

/** Legends in lines as wide as the picture. */
function placeLegend(entries: readonly LegendEntry[], width: number): { entry: LegendEntry; x: number; y: number }[] {
  let [x, y] = [0, 0];
  return entries.map((entry) => {
    const entryWidth = markWidth + entry.text.length * legendCharacterWidth;
    if (x > 0 && x + entryWidth > width) [x, y] = [0, y + legendRowHeight];
    const position = { entry, x, y };
    x += entryWidth;
    return position;
  });
}

function renderLegendEntry({ entry, x, y }: ReturnType<typeof placeLegend>[number]): string {
  const place = `translate(${String(x)} ${String(y)})`;
  return `<g transform="${place}">${entry.mark}<text x="18" y="11">${entry.text}</text></g>`;
}

/** Paths of the page that a picture refers to, such as the other curves behind one. */
function listReferencedPaths(page: string, picture: string): string[] {
  return [...picture.matchAll(/href="#([^"]+)"/g)].flatMap(
    ([, id = ""]) => new RegExp(`<path id="${id}"[^>]*/>`).exec(page) ?? [],
  );
}

function renderFigureFile(page: string, figure: string, picture: string): ExportFile[] {
  const [, id = "", width = "", height = "", content = ""] =
    /^<svg role="img" aria-labelledby="(\S+)-t [^"]*" viewBox="0 0 (\S+) ([^"]+)">(.*)<\/svg>$/s.exec(picture) ?? [];
  if (id === "") return [];
  const legend = placeLegend(listLegendEntries(figure), Number(width));
  const legendHeight = legend.length === 0 ? 0 : (legend.at(-1)?.y ?? 0) + legendRowHeight + 6;
  const totalHeight = Number(height) + legendHeight;
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="${id}-t ${id}-d" \
width="${width}" height="${String(totalHeight)}" viewBox="0 ${String(-legendHeight)} ${width} ${String(totalHeight)}">
<style>
${buildFigureStyle()}</style>
<defs>${listReferencedPaths(page, picture).join("")}</defs>
<g transform="translate(0 ${String(-legendHeight)})">${legend.map(renderLegendEntry).join("")}</g>
${content}
</svg>
`;
  return [{ path: `figures/${id}.svg`, text }];
}

/**
 * Every picture of the report's page as an SVG file, with its legend above it. They are taken from the page, so that a
 * file never shows anything else than the page. The title and the description are inside the file for a caption.
 */
export function buildFigureFiles(report: JudgedReport): ExportFile[] {
  const page = renderPage(report);
  return [...page.matchAll(/<figure>.*?<\/figure>/gs)].flatMap(([figure]) =>
    [...figure.matchAll(/<svg role="img".*?<\/svg>/gs)].flatMap(([picture]) => renderFigureFile(page, figure, picture)),
  );
}
