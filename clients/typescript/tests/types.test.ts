import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import ts from "typescript";
import { createClient, items, ok, type ApiResponse, type Api, type Input, type MarketItem, type OperationName } from "../src/index.js";

type IsAny<T> = 0 extends 1 & T ? true : false;
type HasAny<T> =
  IsAny<T> extends true
    ? true
    : T extends Headers | AbortSignal
      ? false
      : T extends readonly (infer I)[]
        ? HasAny<I>
        : T extends object
          ? { [K in keyof T]-?: HasAny<T[K]> }[keyof T]
          : false;
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only when it is so. */
function isTrue<_ extends true>(): void {}

isTrue<Equal<HasAny<{ a: { b: any[] } }>, true>>();
isTrue<Equal<HasAny<{ [N in OperationName]: [ApiResponse<N>] }>, false>>();
isTrue<Equal<HasAny<{ [N in OperationName]: [Input<N>] }>, false>>();

/** Never called: its lines have to compile, except those that are expected to be wrong. */
export async function usage(api: Api, id: string): Promise<void> {
  const made = await api.createMarket({ body: { name: "Will it?", endsAt: "2027-01-31T12:00:00Z" } });
  if (made.status === 409) {
    isTrue<Equal<typeof made.body.type, "urn:marketsapi:problem:idempotency-key-outstanding">>();
  } else if (made.status === 400) {
    isTrue<Equal<typeof made.body.details extends { field: string; code: string }[] ? true : false, true>>();
  } else if (made.status === 201) {
    isTrue<Equal<typeof made.etag, string>>();
    isTrue<Equal<typeof made.body.data.outcome, "yes" | "no" | null>>();
  }

  const read = await api.getMarket({ path: { id }, header: { "If-None-Match": '"1.0"' } });
  if (read.status === 304) {
    isTrue<Equal<typeof read.body, undefined>>();
  }

  for await (const market of items(api.listMarkets)) {
    isTrue<Equal<typeof market, MarketItem>>();
  }

  isTrue<Equal<ReturnType<typeof ok<ApiResponse<"deleteMarket">>>, undefined>>();

  // @ts-expect-error: no such parameter
  await api.listMarkets({ query: { colour: "red" } });
  // @ts-expect-error: no such value
  await api.listMarkets({ query: { sort: "colour" } });
  // @ts-expect-error: no such property
  await api.createMarket({ body: { name: "Will it?", endsAt: "2027-01-31T12:00:00Z", colour: "red" } });
  // @ts-expect-error: endsAt is missing
  await api.createMarket({ body: { name: "Will it?" } });
  // @ts-expect-error: the id is missing
  await api.getMarket();
  // @ts-expect-error: undefined is not the same as absent
  await api.listMarkets({ query: { category: undefined } });
  // @ts-expect-error: not every response has data
  (await api.getMarket({ path: { id } })).body.data;
  // @ts-expect-error: not a list of pages
  for await (const _ of items(api.getMarket, { path: { id } })) _.name;
}

function anyIn(name: string, text: string): string[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) {
      found.push(`${name}:${source.getLineAndCharacterOfPosition(node.pos).line + 1}`);
    }

    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test("no any in the public types, generated ones included", () => {
  const folder = new URL("../src/", import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".d.ts"));

  assert.deepEqual(anyIn("bad.d.ts", "export declare const a: { b: any };"), ["bad.d.ts:1"]);
  assert.ok(files.includes("generated/schema.d.ts") && files.length >= 7, files.join(", "));
  assert.deepEqual(
    files.flatMap((file) => anyIn(file, readFileSync(new URL(file, folder), "utf8"))),
    [],
  );
});

test("a client has a method for each operation", () => {
  const document = JSON.parse(readFileSync(new URL("../../../../openapi.json", import.meta.url), "utf8")) as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));

  assert.ok(ids.length > 10);
  assert.deepEqual(
    Object.keys(createClient({ baseUrl: "http://localhost" })).map((name) => name.toLowerCase()),
    ids.map((id) => id.toLowerCase()),
  );
});
