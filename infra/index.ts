import { runClusterProgram } from "./clusterProgram.ts";

const outputs = runClusterProgram();
export const kubeconfig = outputs.kubeconfig;
export const namespace = outputs.namespace;
export const store = outputs.store;
export const queues = outputs.queues;
export const runtime = outputs.runtime;
export const runtimeKind = outputs.runtimeKind;
export const account = outputs.account;
export const priorityPrefix = outputs.priorityPrefix;
export const images = outputs.images;
export const code = outputs.code;
export const hardware = outputs.hardware;
export const pods = outputs.pods;
export const serving = outputs.serving;
export const platformVersion = outputs.platformVersion;
