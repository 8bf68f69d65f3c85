/** Writes the JSON schemas again (`npm run schemas`), after a change of the schemas in the code. */
import { writeFileSync } from "node:fs";
import { buildJsonSchemas, formatJsonSchema } from "./jsonSchemas.ts";

for (const [file, schema] of buildJsonSchemas()) {
  writeFileSync(file, formatJsonSchema(schema));
  console.log(file);
}
