import type { JobSetManifest } from "../kube/manifestTypes.ts";
import type { Cell } from "../matrix/index.ts";
import { dataRepositories, formatMixtureSlug, selectLanguageNames } from "../matrix/index.ts";
import type { Artifact } from "./artifact.ts";
import { buildDependentArtifact } from "./artifact.ts";
import { locateExternalInputs } from "./externalInputs.ts";
import type { HubContext } from "./hubDownloads.ts";
import { buildHubSecrets, buildModelDownload } from "./hubDownloads.ts";
import { listStudySources } from "./studySources.ts";
import { listTaskFolders, locateTaskFiles } from "./taskFiles.ts";

const studyCorpusSeed = 42;

/** Resources of a mixture Job. The workers share the 1.7 GB of GlotLID. */
const mixtureResources = { cpu: "8", memory: "16Gi" } as const;

const tokenizerFiles = ["tokenizer.json", "tokenizer_config.json", "config.json"];
const languageModelFiles = ["model.bin"];

/** The inputs that every mixture of a stack is prepared with. */
export interface PreparationInputs {
  readonly hubContext: HubContext;
  /** The tokenizer that measures token budgets. */
  readonly tokenizer: Artifact;
  /** The model that identifies languages. */
  readonly languageModel: Artifact;
  /** Folders of the store with texts that no mixture may contain. */
  readonly benchmarks: readonly string[];
}

export function buildPreparationInputs(hubContext: HubContext): PreparationInputs {
  const { tokenizer, languageModel } = dataRepositories;
  return {
    hubContext,
    tokenizer: buildModelDownload(tokenizer, hubContext, tokenizerFiles),
    languageModel: buildModelDownload(languageModel, hubContext, languageModelFiles),
    benchmarks: listTaskFolders(locateTaskFiles(hubContext)),
  };
}

/** The part of a cell that determines its mixture, which the cells of all families share. */
type MixtureCoordinates = Pick<Cell, "data" | "category" | "parts">;

/**
 * Builds a mixture of the study. Only the stack `corpora` submits it; every stack can compute its folder, which depends
 * only on the cluster's images and the commits.
 */
export function buildStudyCorpus(
  mixture: MixtureCoordinates,
  { hubContext, tokenizer, languageModel, benchmarks }: PreparationInputs,
): Artifact<JobSetManifest> {
  const slug = formatMixtureSlug(mixture);
  const { parallelText } = locateExternalInputs(hubContext.cluster);
  const sourceInputs = {
    revisions: hubContext.revisions,
    languageModel: `${languageModel.path}/model.bin`,
    parallelText,
    store: hubContext.cluster.store.mount,
  };
  const { weights } = mixture.parts;
  const added = Object.entries(weights?.sources ?? {});
  const licenses = added.flatMap(([name, { license }]) => (license === undefined ? [] : [[name, license]]));
  const sources = listStudySources(mixture.parts, sourceInputs);
  const pairs = sources.filter(({ languages }) => languages.length > 1).flatMap(({ languages }) => languages);
  const artifact = {
    verb: "mixture",
    name: ["data", slug],
    pathPrefix: `corpora/${slug}-`,
    spec: {
      seed: studyCorpusSeed,
      tokenizer: tokenizer.path,
      benchmarks: benchmarks.length === 1 ? benchmarks[0] : benchmarks,
      ...(pairs.length > 0 && { languageNames: selectLanguageNames(pairs) }),
      sources,
    },
    from: [
      tokenizer.path,
      languageModel.path,
      ...benchmarks,
      ...(mixture.parts.ingredients.includes("bilingual") ? [parallelText] : []),
      ...added.flatMap(([, { directory }]) => (directory === undefined ? [] : `${sourceInputs.store}/${directory}`)),
    ],
    ...(licenses.length > 0 && { checks: { licenses: Object.fromEntries(licenses) as object } }),
    resources: mixtureResources,
    ...buildHubSecrets(hubContext.tokenSecret),
  } as const;
  return buildDependentArtifact(artifact, hubContext);
}
