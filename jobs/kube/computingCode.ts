/** What the images compute: the entries of images/computing-code.json. */
export const computations = ["mixture", "benchmarks", "model", "tokenise", "train", "evaluate"] as const;
export type Computation = (typeof computations)[number];

/** The code that decides a result. It is part of the result's name, in place of the image that holds the code. */
export interface ComputingCode {
  /** The number of changes of this project's modules after which results differ, plus one. */
  readonly version: number;
  /** Versions of the packages that compute. */
  readonly packages: Readonly<Record<string, string>>;
}

export type ComputingCodes = Readonly<Record<Computation, ComputingCode>>;
