import { argv } from "node:process";
import { serve } from "../protocol/serve.ts";
import { kubernetesProvider } from "./provider.ts";

await serve({ sdk: "@pulumi/kubernetes", make: kubernetesProvider, engine: argv.at(2) ?? "" });
