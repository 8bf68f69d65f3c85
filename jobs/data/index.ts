export type { Artifact } from "./artifact.ts";
export type { Workshop } from "./artifacts.ts";
export { benchmarks, corpus, untrainedModel } from "./artifacts.ts";
export { translated } from "./declaration.ts";
export { miniatureLanguages, miniatureModel } from "./miniature.ts";
export { miniatureMixture } from "./mixture.ts";
export type { MixtureTokens } from "./mixtureTokens.ts";
export { mixtureTokens } from "./mixtureTokens.ts";
