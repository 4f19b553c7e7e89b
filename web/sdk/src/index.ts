export { Client } from "./client.ts";
export { type ClientOptions, type Draft, type Events, type State } from "./state.ts";
export { memoryStorage, type Storage } from "./storage.ts";
export { webStorage, type WebStorage } from "./web-storage.ts";
export { fetchUpload, read as readAnswer, Refusal, xhrUpload, type Upload, type Uploadable, type UploadOptions, type WebSocketLike } from "./transport.ts";
export { type Entry } from "./thread.ts";
export * from "./protocol.ts";
