import { formatSlug } from "../kube/objectNames.ts";

export const familyNames = ["tiny", "llama-2", "llama-3.1", "viking"] as const;
export type FamilyName = (typeof familyNames)[number];

export const protocolNames = ["miniature", "as-published", "uniform"] as const;
/**
 * The source of a cell's recipe. `as-published` takes the study's 36 files, cell by cell; `uniform` takes its README,
 * the same for every cell. `miniature` is not from the study: this project made it small enough for a CPU.
 */
export type ProtocolName = (typeof protocolNames)[number];

/** A model of the Hugging Face hub. */
export interface HubModel {
  readonly repository: string;
  /** True if the owner must grant access first, which requires a token. */
  readonly gated: boolean;
}

export interface Family {
  readonly name: string;
  readonly title: string;
  /** First part of a cell's id. */
  readonly prefix: string;
  readonly protocols: readonly ProtocolName[];
  readonly shape: ModelShape;
  /** The model that training starts from; omitted if the stack creates a model with random weights. */
  readonly base?: HubModel;
}

/** The sizes that the three models of the study share. */
const sevenBillionShape = { hidden: 4096, layers: 32, heads: 32 };
const studyProtocols = ["as-published", "uniform"] as const;

export const families: Readonly<Record<FamilyName, Family>> = {
  tiny: {
    name: "tiny",
    title: "Tiny Llama",
    prefix: "Tiny",
    protocols: ["miniature"],
    shape: {
      parameters: 1_194_624,
      hidden: 128,
      layers: 2,
      heads: 4,
      keyValueHeads: 4,
      feedForward: 384,
      vocabulary: 6000,
    },
  },
  "llama-2": {
    name: "llama-2",
    title: "Llama 2 7B",
    prefix: "L2",
    protocols: studyProtocols,
    shape: { ...sevenBillionShape, parameters: 6.74e9, keyValueHeads: 32, feedForward: 11008, vocabulary: 32000 },
    base: { repository: "meta-llama/Llama-2-7b-hf", gated: true },
  },
  "llama-3.1": {
    name: "llama-3.1",
    title: "Llama 3.1 8B",
    prefix: "L3",
    protocols: studyProtocols,
    shape: { ...sevenBillionShape, parameters: 8.03e9, keyValueHeads: 8, feedForward: 14336, vocabulary: 128256 },
    base: { repository: "meta-llama/Meta-Llama-3.1-8B", gated: true },
  },
  viking: {
    name: "viking",
    title: "Viking 7B",
    prefix: "V7",
    protocols: studyProtocols,
    shape: { ...sevenBillionShape, parameters: 7.55e9, keyValueHeads: 32, feedForward: 11008, vocabulary: 131072 },
    base: { repository: "LumiOpen/Viking-7B", gated: false },
  },
};

/** Builds the id and the slug of a family's base model, analogous to those of a cell: `L3-base` and `l3-base`. */
export function buildBaseModelNames({ prefix }: Pick<Family, "prefix">): { id: string; slug: string } {
  const id = `${prefix}-base`;
  return { id, slug: formatSlug(id) };
}

/** The dimensions that determine a model's size and memory, named after the keys of its config.json. */
export interface ModelShape {
  /** Number of weights, including the embeddings. */
  readonly parameters: number;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly feedForward: number;
  /** Rows of the embedding, including padding. */
  readonly vocabulary: number;
}
