// What the file engine-….js gives: the engine, and the pure parts that the tests run against the shared vectors.
export * from "./index";
export * as forTests from "./for-tests";
