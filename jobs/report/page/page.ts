import type { AnalysedReport } from "../category/analysis.ts";
import { html, type Html } from "../html.ts";
import { agreementSection } from "./agreement.ts";
import { averagesSection } from "./averages.ts";
import { categoriesSection } from "./categories.ts";
import { contrastsSection } from "./contrasts.ts";
import { head, pageTitle } from "./head.ts";
import { hoursSection } from "./hours.ts";
import { languagesSection } from "./languages.ts";
import { languageVerdictsSection } from "./languageVerdicts.ts";
import { lossSection } from "./loss.ts";
import { notesSection } from "./notes.ts";
import { provenanceSection } from "./provenance.ts";
import { style } from "./style.ts";
import { summarySection } from "./summary.ts";

/** The answer first, then what it rests on, then every number and where it comes from. */
const sections: readonly { readonly id: string; readonly title: string; readonly section: (report: AnalysedReport) => Html | null }[] = [
  { id: "summary", title: "In short", section: summarySection },
  { id: "categories", title: "Categories", section: categoriesSection },
  { id: "by-language", title: "Languages", section: languageVerdictsSection },
  { id: "contrasts", title: "Code and bilingual text", section: contrastsSection },
  { id: "averages", title: "Averages", section: averagesSection },
  { id: "agreement", title: "Beside the paper", section: agreementSection },
  { id: "languages", title: "Every score", section: languagesSection },
  { id: "loss", title: "Training loss", section: lossSection },
  { id: "hours", title: "GPU-hours", section: hoursSection },
  { id: "provenance", title: "Provenance", section: provenanceSection },
  { id: "notes", title: "Notes", section: notesSection },
];

const navigation = (present: readonly { readonly id: string; readonly title: string }[]): Html =>
  html`<nav aria-label="Contents"><ul>${present.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`;

const origin = ({ source, stacks }: AnalysedReport): Html =>
  source === "published"
    ? html`Made by <code>mixcpt report --published</code> from <code>jobs/published</code>.`
    : html`Made by <code>mixcpt report ${stacks.join(" ")}</code> from the ConfigMaps <code>scores-*</code> of the cluster.`;

/** The whole report as one HTML document without scripts or outside resources. */
export const renderPage = (report: AnalysedReport): string => {
  const present = sections.flatMap(({ id, title, section }) => {
    const content = section(report);
    return content === null ? [] : [{ id, title, content }];
  });
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>MixCPT report: ${pageTitle(report)}</title>
<style>${{ markup: style }}</style>
</head>
<body>
${head(report)}
${navigation(present)}
<main>
${present.map(({ content }) => content)}
</main>
<footer>${origin(report)} Colours follow the system's light or dark setting.</footer>
</body>
</html>
`.markup;
};
