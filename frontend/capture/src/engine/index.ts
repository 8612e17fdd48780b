// The engine of the capture app: what the pages of the app import, and nothing else of this folder.
export type * from "./contract";
export type * from "./types";
export { EngineError } from "./types";
export { openEngine } from "./engine";
