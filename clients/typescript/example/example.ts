// A consumer of the API in one page: npm run build, then MARKETS_URL=… TOKEN=… npm run example
import { createClient, items, ok, ProblemError, type Market } from "marketsapi-client";

const api = createClient({
  baseUrl: process.env.MARKETS_URL ?? "http://localhost:8080",
  token: process.env.TOKEN,
});

/** Sent with an idempotency key and, when no answer comes, sent again: there is one market in the end. */
async function create(name: string): Promise<Market> {
  const answer = await api.createMarket({
    body: { name, endsAt: new Date(Date.now() + 86_400_000).toISOString(), category: "example" },
  });
  console.log(`created ${answer.status}, replayed: ${answer.headers.get("Idempotency-Replayed") ?? "no"}`);
  return ok(answer).data;
}

/** Changes only what was seen; told apart by type, a lost race is read again and decided anew. */
async function describe(id: string, description: string): Promise<number> {
  const seen = await api.getMarket({ path: { id } });
  if (seen.status !== 200) {
    throw new Error(`read ${seen.status}`);
  }

  const answer = await api.updateMarket({ path: { id }, header: { "If-Match": seen.etag }, body: { description } });
  switch (answer.status) {
    case 200:
      return answer.body.data.version;
    case 412:
      return describe(id, description);
    default:
      return ok(answer); // throws what it is
  }
}

const market = await create(`Will this example run? ${new Date().toISOString()}`);
console.log(`version ${await describe(market.id, "Resolves to yes when it prints its last line.")}`);

let count = 0;
for await (const { status } of items(api.listMarkets, { query: { sort: "name", limit: 100 } })) {
  count += status === "draft" ? 0 : 1;
}
console.log(`walked ${count} markets`);

try {
  ok(await api.openPosition({ path: { id: market.id }, body: { outcome: "yes", stake: 0.001 } }));
} catch (error) {
  if (error instanceof ProblemError && error.problem.type === "urn:marketsapi:problem:validation-failed") {
    console.log(`refused: ${error.problem.details.map(({ field, code }) => `${field} ${code}`).join(", ")}`);
  } else {
    throw error;
  }
}
