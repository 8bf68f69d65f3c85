export { buildDataExportJob, formatMixtureName, locateDataExport } from "./dataExport.ts";
export type { PushTarget } from "./exportJob.ts";
export { buildExportJob, locateExport } from "./exportJob.ts";
export { selectExportedCheckpoint } from "./exportSpec.ts";
