import type { operations } from "./generated/schema.js";

type OperationId = keyof operations;

/** The name of an operation: its id in the OpenAPI document, as a method is written here. */
export type OperationName = Uncapitalize<OperationId>;

/** What the document says of an operation. */
type Described<N extends OperationName> = operations[{
  [Id in OperationId]: Uncapitalize<Id> extends N ? Id : never;
}[OperationId]];

/** A group of parameters, to be given when one of them has to be. */
type Group<Name extends string, Parameters> = [Parameters] extends [undefined]
  ? { [_ in Name]?: never }
  : Partial<Parameters> extends Parameters
    ? { [_ in Name]?: Parameters }
    : { [_ in Name]: Parameters };

type Parameter<O, Place extends string> = O extends { parameters: { [_ in Place]?: infer P } } ? Exclude<P, undefined> : undefined;

type SentBody<O> = O extends { requestBody: { content: infer C } } ? C[keyof C] : undefined;

/** What an operation takes. */
export type Input<N extends OperationName> = Group<"path", Parameter<Described<N>, "path">> &
  Group<"query", Parameter<Described<N>, "query">> &
  Group<"header", Parameter<Described<N>, "header">> &
  Group<"body", SentBody<Described<N>>> & {
    /** Ends the call, waiting and tries included. */
    signal?: AbortSignal;
  };

type ResponseBody<R> = R extends { content: infer C } ? ([C] extends [undefined] ? undefined : C[keyof C]) : undefined;

type EntityTag<R> = R extends { headers: { ETag: string } }
  ? {
      /** The entity tag, for `If-Match` and `If-None-Match`. */
      readonly etag: string;
    }
  : unknown;

type Responses<O> = O extends { responses: infer R } ? R : never;

/** The responses of an operation. They differ by `status`, and problems with the same status by `body.type`. */
export type ApiResponse<N extends OperationName> = {
  [S in keyof Responses<Described<N>> & number]: {
    readonly status: S;
    readonly headers: Headers;
    readonly body: ResponseBody<Responses<Described<N>>[S]>;
  } & EntityTag<Responses<Described<N>>[S]>;
}[keyof Responses<Described<N>> & number];

/** An operation as a method. */
export type Method<N extends OperationName> =
  Partial<Input<N>> extends Input<N>
    ? (input?: Input<N>) => Promise<ApiResponse<N>>
    : (input: Input<N>) => Promise<ApiResponse<N>>;

/** Every operation of the API, as a method. */
export type Api = { readonly [N in OperationName]: Method<N> };

/** Any problem that the API returns. They differ by `type`. */
export type AnyProblem = Extract<{ [N in OperationName]: ApiResponse<N>["body"] }[OperationName], { success: false }>;

/** The types of problem: `urn:marketsapi:problem:…`. */
export type ProblemType = AnyProblem["type"];
