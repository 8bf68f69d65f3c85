/** A number of a LaTeX table, with the standard deviation over repetitions if there are several; a dash without. */
export function formatLatexNumber(
  value: number | null | undefined,
  { deviation = null, isBold = false }: { readonly deviation?: number | null; readonly isBold?: boolean } = {},
): string {
  if (value === null || value === undefined) return "--";
  const number = value
    .toFixed(2)
    .replace(/^-(?=.*[1-9])/, "$-$")
    .replace(/^-/, "");
  const text = isBold ? `\\textbf{${number}}` : number;
  return deviation === null ? text : `${text} {\\scriptsize$\\pm$${deviation.toFixed(2)}}`;
}
