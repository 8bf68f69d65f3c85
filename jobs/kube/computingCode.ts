import { z } from "zod";

/** What the images compute: the entries of images/computing-code.json. */
export const computations = ["mixture", "benchmarks", "model", "tokenise", "train", "evaluate"] as const;
export type Computation = (typeof computations)[number];

export const computingCodeSchema = z.object({
  /** The number of changes of this project's modules after which results differ, plus one. */
  version: z.int().min(1),
  /** Versions of the packages that compute. */
  packages: z.record(z.string(), z.string()),
});

/** The code that decides a result. It is part of the result's name, in place of the image that holds the code. */
export type ComputingCode = Readonly<z.infer<typeof computingCodeSchema>>;
export type ComputingCodes = Readonly<Record<Computation, ComputingCode>>;
