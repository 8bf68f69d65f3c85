import type { AddedBenchmark, IdentificationBenchmark } from "../config/index.ts";
import { listBenchmarkLanguages } from "../config/index.ts";
import { packagedModel } from "../matrix/packagedModel.ts";

/** The version of fasttext-predict in the images (images/evaluate/requirements.in), which reads the model. */
export const identificationLibrary = "0.9.2.4";

type Direction = "xx-eng" | "eng-xx";

/** The units of a benchmark that translates; a classification has no directions. */
interface TranslatedUnits {
  readonly languages: readonly string[];
  readonly directions?: readonly Direction[];
}

/** The settings of a benchmark that identifies the language of another benchmark's translations. */
export interface IdentificationSettings {
  /** Languages that are translated; each direction has its target language. */
  readonly languages: readonly string[];
  readonly directions: readonly Direction[];
  /** File of the model in its repository; undefined for the model in the image. */
  readonly modelFile?: string;
  readonly question: {
    readonly kind: "language-identification";
    /** Name of the benchmark that translates. */
    readonly translations: string;
    /** `repository@commit`, or the model in the image. */
    readonly model: string;
    readonly library: string;
  };
}

/** Returns true if a benchmark reads translations, so that it needs no device and no time of one. */
export function isIdentification(settings: {
  readonly question?: { readonly kind: string };
}): settings is IdentificationSettings {
  return settings.question?.kind === "language-identification";
}

function buildIdentificationSettings(
  added: IdentificationBenchmark,
  translations: TranslatedUnits | undefined,
): IdentificationSettings {
  const { kind, model } = added;
  const languages = listBenchmarkLanguages(added);
  return {
    languages: (translations?.languages ?? []).filter((language) => languages?.includes(language) ?? true),
    directions: translations?.directions ?? [],
    ...(model !== undefined && { modelFile: model.file }),
    question: {
      kind,
      translations: added.translations,
      model: model === undefined ? packagedModel : `${model.repository}@${model.revision}`,
      library: identificationLibrary,
    },
  };
}

/**
 * Builds the benchmarks of a stack that identify languages, without those that have none. `translating` are the
 * settings of all other benchmarks, by name.
 */
export function buildIdentifications(
  added: Readonly<Record<string, AddedBenchmark>>,
  translating: Readonly<Record<string, TranslatedUnits>>,
): Record<string, IdentificationSettings> {
  const identifications = Object.entries(added).flatMap(([name, benchmark]) =>
    benchmark.kind === "language-identification"
      ? [[name, buildIdentificationSettings(benchmark, translating[benchmark.translations])] as const]
      : [],
  );
  return Object.fromEntries(identifications.filter(([, { languages }]) => languages.length > 0));
}
