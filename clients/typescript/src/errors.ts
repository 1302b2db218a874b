import type { AnyProblem } from "./types.js";

/** A response that is a problem; thrown by {@link ok} and while walking pages. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  /** @param problem The body of the response; branch on its `type`. */
  constructor(readonly problem: AnyProblem) {
    const errors = "details" in problem && problem.details ? problem.details.map(({ message }) => message) : [];
    super([`${problem.status} ${problem.error} (request ${problem.requestId})`, ...errors].join("\n  "));
  }
}

/** A response that is not the API's, such as a gateway's. */
export class UnexpectedResponseError extends Error {
  override readonly name = "UnexpectedResponseError";

  constructor(
    readonly status: number,
    readonly text: string,
  ) {
    super(`A response with status ${status} that is not the API's: ${text.slice(0, 200)}`);
  }

  /** Whether it is a gateway's response about a temporary failure to reach the API. */
  get isPassing(): boolean {
    return [502, 503, 504].includes(this.status);
  }
}

interface AnyResponse {
  readonly status: number;
  readonly body: unknown;
}

type Success<A extends AnyResponse> = Extract<A, { status: 200 | 201 | 202 | 204 }>["body"];

/** The body of a success; anything else is thrown, a problem as a {@link ProblemError}. */
export function ok<A extends AnyResponse>(response: A): Success<A> {
  if (response.status >= 200 && response.status < 300) {
    return response.body as Success<A>;
  }

  throw isProblem(response.body)
    ? new ProblemError(response.body)
    : new UnexpectedResponseError(response.status, "a response without a body");
}

function isProblem(body: unknown): body is AnyProblem {
  return typeof body === "object" && body !== null && "type" in body && "requestId" in body;
}
