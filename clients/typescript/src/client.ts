import { UnexpectedResponseError } from "./errors.js";
import { routes } from "./generated/routes.js";
import { defaultRetry, saysNotNow, sleep, waitBefore, type RetryOptions } from "./retry.js";
import type { Api } from "./types.js";

export interface ClientOptions {
  /** Where the API is, without `/api`: `http://localhost:8080`. */
  readonly baseUrl: string;
  /** The JWT to send, or a function that returns a valid one. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** Changes the default of 5 tries with waits of up to 0.2, 0.4, 0.8, … s. */
  readonly retry?: Partial<RetryOptions>;
  /** How long one try may take; 30,000 by default. */
  readonly timeoutMilliseconds?: number;
  /** Sends requests instead of the platform's `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly mediaType?: string;
  readonly takesKey?: boolean;
}

interface RawInput {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

interface RawResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  readonly etag: string;
}

/** A client of the API: one method for each operation of the OpenAPI document. */
export function createClient(options: ClientOptions): Api {
  const methods = Object.entries(routes).map(([name, route]) => [
    name,
    (input: RawInput = {}) => send(route, input, options),
  ]);
  return Object.fromEntries(methods) as Api;
}

type Outcome = { readonly response: RawResponse } | { readonly error: unknown };

/** Sends the request, and again while that is safe and may succeed. */
async function send(route: Route, input: RawInput, options: ClientOptions): Promise<RawResponse> {
  const retry = { ...defaultRetry, ...options.retry };
  const headers = headersOf(route, input);
  // With a key a POST can be repeated: the server processes it once.
  const canRepeat = route.method === "GET" || headers.has("Idempotency-Key");
  for (let tries = 1; ; tries++) {
    const outcome = await attempt(route, headers, input, options);
    const wait =
      tries < retry.attempts && isWorthAnotherTry(outcome, canRepeat, input.signal)
        ? waitBefore(tries, "response" in outcome ? outcome.response.headers.get("Retry-After") : null, retry)
        : undefined;
    if (wait !== undefined) {
      await sleep(wait, input.signal);
    } else if ("response" in outcome) {
      return outcome.response;
    } else {
      throw outcome.error;
    }
  }
}

function isWorthAnotherTry(outcome: Outcome, canRepeat: boolean, signal: AbortSignal | undefined): boolean {
  return "response" in outcome
    ? saysNotNow(outcome.response.status, outcome.response.body, canRepeat)
    : // No response, or half of one: whether the request was processed is unknown.
      canRepeat && !signal?.aborted && (!(outcome.error instanceof UnexpectedResponseError) || outcome.error.isPassing);
}

async function attempt(route: Route, headers: Headers, input: RawInput, options: ClientOptions): Promise<Outcome> {
  const token = typeof options.token === "function" ? await options.token() : options.token;
  if (token !== undefined) {
    headers.set("Authorization", `Bearer ${token}`);
  }

  const limit = AbortSignal.timeout(options.timeoutMilliseconds ?? 30_000);
  const request = new Request(urlOf(route, input, options.baseUrl), {
    method: route.method,
    headers,
    body: input.body === undefined ? null : JSON.stringify(input.body),
    signal: input.signal ? AbortSignal.any([input.signal, limit]) : limit,
  });
  try {
    return { response: await read(await (options.fetch ?? fetch)(request)) };
  } catch (error) {
    return { error };
  }
}

/** Reads the whole response: a connection can break within its body, too. */
async function read(response: Response): Promise<RawResponse> {
  const { status, headers } = response;
  const text = await response.text();
  const isJson = /^application\/(problem\+)?json\b/.test(headers.get("Content-Type") ?? "");
  if (!isJson && (text !== "" || status >= 400)) {
    throw new UnexpectedResponseError(status, text);
  }

  return {
    status,
    headers,
    body: isJson ? JSON.parse(text) : undefined,
    get etag() {
      const tag = headers.get("ETag");
      if (tag === null) {
        throw new UnexpectedResponseError(status, "it has no ETag");
      }

      return tag;
    },
  };
}

function urlOf(route: Route, input: RawInput, baseUrl: string): URL {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(input.path?.[name] ?? ""));
  const url = new URL(baseUrl.replace(/\/+$/, "") + path);
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined) {
      url.searchParams.set(name, String(value));
    }
  }

  return url;
}

function headersOf(route: Route, input: RawInput): Headers {
  const headers = new Headers({ Accept: "application/json, application/problem+json" });
  for (const [name, value] of Object.entries(input.header ?? {})) {
    if (value !== undefined) {
      headers.set(name, value);
    }
  }

  if (route.mediaType !== undefined) {
    headers.set("Content-Type", route.mediaType);
  }

  if (route.takesKey && !headers.has("Idempotency-Key")) {
    headers.set("Idempotency-Key", crypto.randomUUID());
  }

  return headers;
}
