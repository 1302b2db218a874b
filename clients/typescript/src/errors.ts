import type { AnyProblem } from "./types.js";

/** An answer that is a problem, thrown by {@link ok} and by what walks pages. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  /** @param problem What the API answered; branch on its `type`. */
  constructor(readonly problem: AnyProblem) {
    const faults = "details" in problem && problem.details ? problem.details.map(({ message }) => message) : [];
    super([`${problem.status} ${problem.error} (request ${problem.requestId})`, ...faults].join("\n  "));
  }
}

/** An answer that is not the API's, as of a gateway on the way to it. */
export class UnexpectedAnswerError extends Error {
  override readonly name = "UnexpectedAnswerError";

  constructor(
    readonly status: number,
    readonly text: string,
  ) {
    super(`An answer with status ${status} that is not the API's: ${text.slice(0, 200)}`);
  }

  /** Whether a gateway says with it that it didn't reach the API just now. */
  get isPassing(): boolean {
    return [502, 503, 504].includes(this.status);
  }
}

interface AnyAnswer {
  readonly status: number;
  readonly body: unknown;
}

type Success<A extends AnyAnswer> = Extract<A, { status: 200 | 201 | 202 | 204 }>["body"];

/** The body of a success; anything else is thrown, a problem as a {@link ProblemError}. */
export function ok<A extends AnyAnswer>(answer: A): Success<A> {
  if (answer.status >= 200 && answer.status < 300) {
    return answer.body as Success<A>;
  }

  throw isProblem(answer.body)
    ? new ProblemError(answer.body)
    : new UnexpectedAnswerError(answer.status, "an answer without a body");
}

function isProblem(body: unknown): body is AnyProblem {
  return typeof body === "object" && body !== null && "type" in body && "requestId" in body;
}
