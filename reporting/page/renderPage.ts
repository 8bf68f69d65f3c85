import type { JudgedReport } from "../category/categoryVerdict.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { renderAgreementSection } from "./agreementSection.ts";
import { renderAveragesSection } from "./averagesSection.ts";
import { renderCategoriesSection } from "./categoriesSection.ts";
import { renderContrastsSection } from "./contrastsSection.ts";
import { renderPageHeader, formatPageTitle } from "./pageHeader.ts";
import { renderHoursSection } from "./hoursSection.ts";
import { renderLanguagesSection } from "./languagesSection.ts";
import { renderLanguageVerdictsSection } from "./languageVerdictsSection.ts";
import { renderLossSection } from "./lossSection.ts";
import { renderNotesSection } from "./notesSection.ts";
import { renderProvenanceSection } from "./provenanceSection.ts";
import { styleSheet } from "./styleSheet.ts";
import { renderSummarySection } from "./summarySection.ts";

/** The answer first, then what it rests on, then every number and where it comes from. */
const pageSections: readonly {
  readonly id: string;
  readonly title: string;
  readonly section: (report: JudgedReport) => Html | null;
}[] = [
  { id: "summary", title: "In short", section: renderSummarySection },
  { id: "categories", title: "Categories", section: renderCategoriesSection },
  { id: "by-language", title: "Languages", section: renderLanguageVerdictsSection },
  { id: "contrasts", title: "Code and bilingual text", section: renderContrastsSection },
  { id: "averages", title: "Averages", section: renderAveragesSection },
  { id: "agreement", title: "Beside the paper", section: renderAgreementSection },
  { id: "languages", title: "Every score", section: renderLanguagesSection },
  { id: "loss", title: "Training loss", section: renderLossSection },
  { id: "hours", title: "GPU-hours", section: renderHoursSection },
  { id: "provenance", title: "Provenance", section: renderProvenanceSection },
  { id: "notes", title: "Notes", section: renderNotesSection },
];

function renderNavigation(present: readonly { readonly id: string; readonly title: string }[]): Html {
  return html`<nav aria-label="Contents"><ul>${present.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`;
}

function renderOrigin({ source, stacks }: JudgedReport): Html {
  return source === "published"
    ? html`Made by <code>mixcpt report --published</code> from <code>jobs/published</code>.`
    : html`Made by <code>mixcpt report ${stacks.join(" ")}</code> from the ConfigMaps <code>scores-*</code> of the cluster.`;
}

/** The whole report as one HTML document without scripts or outside resources. */
export function renderPage(report: JudgedReport): string {
  const present = pageSections.flatMap(({ id, title, section }) => {
    const content = section(report);
    return content === null ? [] : [{ id, title, content }];
  });
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>MixCPT report: ${formatPageTitle(report)}</title>
<style>${{ markup: styleSheet }}</style>
</head>
<body>
${renderPageHeader(report)}
${renderNavigation(present)}
<main>
${present.map(({ content }) => content)}
</main>
<footer>${renderOrigin(report)} Colours follow the system's light or dark setting.</footer>
</body>
</html>
`.markup;
}
