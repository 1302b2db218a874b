import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient, ok, ProblemError, UnexpectedResponseError, type ClientOptions } from "../src/index.js";

const id = "0193b2f4-7c1e-7a3b-9d52-4f6e8a1c2b3d";
const market = { name: "Will it?", endsAt: "2027-01-31T12:00:00Z" };

function response(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
}

function problem(status: number, type: string, headers: Record<string, string> = {}): Response {
  const body = { success: false, error: "No", type: `urn:marketsapi:problem:${type}`, status, requestId: "r1" };
  return response(status, body, { "Content-Type": "application/problem+json", ...headers });
}

/** A client whose requests get these responses, one after the other; a function throws. */
function scripted(script: (Response | (() => never))[], options: Partial<ClientOptions> = {}) {
  const sent: { at: number; key: string | null; body: string }[] = [];
  const api = createClient({
    baseUrl: "http://localhost/",
    retry: { baseMilliseconds: 1 },
    fetch: async (request) => {
      sent.push({ at: Date.now(), key: request.headers.get("Idempotency-Key"), body: await request.text() });
      const next = script.shift();
      assert.ok(next, "sent more often than the test expects");
      return next instanceof Response ? next : next();
    },
    ...options,
  });
  return { api, sent, script };
}

const broken = () => {
  throw new TypeError("fetch failed");
};

test("a POST that takes a key is sent again with the same key and bytes", async () => {
  const { api, sent } = scripted([
    broken,
    problem(503, "service-unavailable"),
    problem(409, "idempotency-key-outstanding"),
    response(201, { success: true, data: {} }),
  ]);

  assert.equal((await api.createMarket({ body: market })).status, 201);

  assert.equal(sent.length, 4);
  assert.match(sent[0]?.key ?? "", /^[0-9a-f-]{36}$/);
  assert.equal(new Set(sent.map(({ key, body }) => key + body)).size, 1);
});

test("each call has a key of its own, or the caller's", async () => {
  const { api, sent } = scripted([response(201, {}), response(201, {}), response(201, {})]);

  await api.createMarket({ body: market });
  await api.createMarket({ body: market });
  await api.createMarket({ body: market, header: { "Idempotency-Key": "mine" } });

  assert.equal(new Set(sent.map(({ key }) => key)).size, 3);
  assert.equal(sent[2]?.key, "mine");
});

test("what can't be repeated safely is not sent again when its result is unknown", async () => {
  for (const script of [[broken], [problem(503, "service-unavailable")]]) {
    const { api, sent } = scripted(script);
    await assert.rejects(async () => ok(await api.updateMarket({ path: { id }, body: { category: null } })));
    assert.equal(sent.length, 1);
    assert.equal(sent[0]?.key, null);
  }
});

test("what was not processed (429) is sent again after Retry-After, for every method", async () => {
  const { api, sent } = scripted([
    problem(429, "rate-limit-exceeded", { "Retry-After": "1" }),
    response(200, { success: true, data: {} }),
  ]);

  await api.updateMarket({ path: { id }, body: { category: null } });

  assert.ok(sent[1] !== undefined && sent[0] !== undefined && sent[1].at - sent[0].at >= 990);
});

test("a Retry-After beyond the longest wait is left to the caller", async () => {
  const { api, sent } = scripted([problem(503, "service-unavailable", { "Retry-After": "31" })]);

  assert.equal((await api.listMarkets()).status, 503);
  assert.equal(sent.length, 1);
});

test("a rejected request is not sent again", async () => {
  const { api, sent } = scripted([problem(409, "market-takes-no-position")]);

  const rejected = await api.openPosition({ path: { id }, body: { outcome: "yes", stake: 1 } });

  assert.equal(rejected.status === 409 && rejected.body.type, "urn:marketsapi:problem:market-takes-no-position");
  assert.throws(() => ok(rejected), (error) => error instanceof ProblemError && error.problem.status === 409);
  assert.equal(sent.length, 1);
});

test("tries end, and so does waiting when the caller gives up", async () => {
  const { api, sent } = scripted(Array.from({ length: 3 }, () => broken), { retry: { attempts: 3, baseMilliseconds: 1 } });
  await assert.rejects(api.listMarkets(), TypeError);
  assert.equal(sent.length, 3);

  const waiting = scripted([problem(503, "service-unavailable", { "Retry-After": "20" })]);
  await assert.rejects(waiting.api.listMarkets({ signal: AbortSignal.timeout(20) }), { name: "TimeoutError" });
});

test("a gateway's page is tried again, or becomes an UnexpectedResponseError", async () => {
  const { api } = scripted([502, 504, 404].map((status) => new Response("<html>Gateway</html>", { status })));

  await assert.rejects(api.listMarkets(), (error) => error instanceof UnexpectedResponseError && error.status === 404);
});
