import { ok } from "./errors.js";

interface Page {
  readonly data: readonly unknown[];
  readonly meta: { readonly nextCursor: string | null };
}

/** An operation that returns pages. */
type List = (input: never) => Promise<{ readonly status: number; readonly body: unknown }>;

type PageOf<L extends List> = Extract<Awaited<ReturnType<L>>["body"], Page>;

/** Every page of a list, from the first or from the cursor in `input` on; a problem on the way is thrown. */
export async function* pages<L extends List>(
  list: L,
  ...[input]: Parameters<L>
): AsyncGenerator<PageOf<L>, void, undefined> {
  const call = list as unknown as (input: object) => ReturnType<List>;
  const first: { readonly query?: object } = input ?? {};
  let next: string | null = null;
  do {
    const response = await call(next === null ? first : { ...first, query: { ...first.query, cursor: next } });
    const page = ok(response) as PageOf<L>;
    yield page;
    next = page.meta.nextCursor;
  } while (next !== null);
}

/** Every item of a list, from all its pages. */
export async function* items<L extends List>(
  list: L,
  ...input: Parameters<L>
): AsyncGenerator<PageOf<L>["data"][number], void, undefined> {
  for await (const page of pages(list, ...input)) {
    for (const item of page.data) {
      yield item as PageOf<L>["data"][number];
    }
  }
}
