import type { JudgedReport } from "../category/categoryVerdict.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { renderAgreementSection } from "./agreementSection.ts";
import { renderAveragesSection } from "./averagesSection.ts";
import { renderCategoriesSection } from "./categoriesSection.ts";
import { renderContrastsSection } from "./contrastsSection.ts";
import { renderCurvesSection } from "./curvesSection.ts";
import { renderFindingsSection } from "./findingsSection.ts";
import { renderHoursSection } from "./hoursSection.ts";
import { renderLanguagesSection } from "./languagesSection.ts";
import { renderLanguageVerdictsSection } from "./languageVerdictsSection.ts";
import { renderLossSection } from "./lossSection.ts";
import { renderNotesSection } from "./notesSection.ts";
import { formatPageTitle, renderPageHeader } from "./pageHeader.ts";
import { pageScript } from "./pageScript.ts";
import { addPermalinks } from "./permalinks.ts";
import { renderProvenanceSection } from "./provenanceSection.ts";
import { styleSheet } from "./styleSheet.ts";
import { renderSummarySection } from "./summarySection.ts";

interface PageSection {
  readonly id: string;
  /** Text of the link in the navigation. */
  readonly title: string;
  /** Renders the section; null if it has no content. */
  readonly render: (report: JudgedReport) => Html | null;
}

/** The answer first, then its evidence, then every number and its origin. */
const pageSections: readonly PageSection[] = [
  { id: "summary", title: "Summary", render: renderSummarySection },
  { id: "paper-findings", title: "The paper's findings", render: renderFindingsSection },
  { id: "categories", title: "Categories", render: renderCategoriesSection },
  { id: "by-language", title: "Languages", render: renderLanguageVerdictsSection },
  { id: "contrasts", title: "Code and bilingual text", render: renderContrastsSection },
  { id: "averages", title: "Averages", render: renderAveragesSection },
  { id: "agreement", title: "Agreement with the paper", render: renderAgreementSection },
  { id: "languages", title: "Every score", render: renderLanguagesSection },
  { id: "curves", title: "Scores over tokens", render: renderCurvesSection },
  { id: "loss", title: "Training loss", render: renderLossSection },
  { id: "hours", title: "GPU-hours", render: renderHoursSection },
  { id: "provenance", title: "Provenance", render: renderProvenanceSection },
  { id: "notes", title: "Notes", render: renderNotesSection },
];

function renderNavigation(sections: readonly Pick<PageSection, "id" | "title">[]): Html {
  const links = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  return html`<nav aria-label="Contents"><ul>${links}</ul></nav>`;
}

function renderOrigin({ source, stacks }: JudgedReport): Html {
  return source === "published"
    ? html`Created by <code>mixcpt report --published</code> from <code>jobs/published</code>.`
    : html`Created by <code>mixcpt report ${stacks.join(" ")}</code> from the cluster's ConfigMaps \
<code>scores-*</code>.`;
}

/**
 * The whole report as one HTML document without external resources. Its script sorts and filters tables; without it
 * everything is shown.
 */
export function renderPage(report: JudgedReport): string {
  const present = pageSections.flatMap(({ id, title, render }) => {
    const content = render(report);
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
${present.map(({ content }) => addPermalinks(content))}
</main>
<footer>${renderOrigin(report)} Colors follow the system's light or dark setting.</footer>
<script>${{ markup: pageScript }}</script>
</body>
</html>
`.markup;
}
