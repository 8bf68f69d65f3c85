import { html } from "../html.ts";
import type { Report } from "../report.ts";
import { averagesSection } from "./averages.ts";
import { head } from "./head.ts";
import { languagesSection } from "./languages.ts";
import { lossSection } from "./loss.ts";
import { provenanceSection } from "./provenance.ts";
import { style } from "./style.ts";

/** The whole report as one HTML document without scripts or outside resources. */
export const renderPage = (report: Report): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>MixCPT report: stack ${report.stack}</title>
<style>${{ markup: style }}</style>
</head>
<body>
${head(report)}
<main>
${averagesSection(report)}
${languagesSection(report)}
${lossSection(report)}
${provenanceSection(report)}
</main>
<footer>Made by <code>mixcpt report ${report.stack}</code> from the ConfigMaps <code>scores-*</code> of the cluster. Colours follow the system's light or dark setting.</footer>
</body>
</html>
`.markup;
