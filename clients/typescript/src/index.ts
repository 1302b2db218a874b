export { createClient, type ClientOptions } from "./client.js";
export { ok, ProblemError, UnexpectedResponseError } from "./errors.js";
export { items, pages } from "./pages.js";
export type { RetryOptions } from "./retry.js";
export type { ApiResponse, AnyProblem, Api, Input, Method, OperationName, ProblemType } from "./types.js";
export type * from "./generated/schema.js";
