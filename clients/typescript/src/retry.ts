/** How often, and after how long, a failed request is sent again. */
export interface RetryOptions {
  /** How often a request is sent at most; 1 means without retries. */
  readonly attempts: number;
  /** The longest wait before the second try, which doubles with each further one; each wait is drawn at random below it. */
  readonly baseMilliseconds: number;
  /** The longest wait; a `Retry-After` beyond it ends the tries. */
  readonly maxMilliseconds: number;
}

export const defaultRetry: RetryOptions = { attempts: 5, baseMilliseconds: 200, maxMilliseconds: 30_000 };

const outstanding = "urn:marketsapi:problem:idempotency-key-outstanding";

/** Whether to send the request again: it was not processed (429), or a repetition is safe and may succeed later. */
export function saysNotNow(status: number, body: unknown, canRepeat: boolean): boolean {
  switch (status) {
    case 429:
      return true;
    case 503:
      return canRepeat;
    case 409:
      return canRepeat && typeof body === "object" && body !== null && "type" in body && body.type === outstanding;
    default:
      return false;
  }
}

/** How long to wait before the next try: at least what `Retry-After` says; undefined when that is too long. */
export function waitBefore(tries: number, retryAfter: string | null, options: RetryOptions): number | undefined {
  const asked = retryAfter === null ? 0 : millisecondsOf(retryAfter);
  const jitter = Math.random() * Math.min(options.maxMilliseconds, options.baseMilliseconds * 2 ** (tries - 1));
  return asked > options.maxMilliseconds ? undefined : asked + jitter;
}

/** Seconds or a date (RFC 9110 section 10.2.3). */
function millisecondsOf(retryAfter: string): number {
  const wait = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  return Number.isNaN(wait) ? 0 : Math.max(0, wait);
}

/** Waits, unless the caller gives up. */
export function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", giveUp);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", giveUp, { once: true });
  });
}
