// A consumer of the API in one page: npm run build, then MARKETS_URL=… TOKEN=… npm run example
import { createClient, items, ok, ProblemError, type Market } from "marketsapi-client";

const api = createClient({
  baseUrl: process.env.MARKETS_URL ?? "http://localhost:8080",
  token: process.env.TOKEN,
});

/** The client adds an idempotency key and sends the request again when no response comes: one market is created. */
async function create(name: string): Promise<Market> {
  const response = await api.createMarket({
    body: { name, endsAt: new Date(Date.now() + 86_400_000).toISOString(), category: "example" },
  });
  console.log(`created ${response.status}, replayed: ${response.headers.get("Idempotency-Replayed") ?? "no"}`);
  return ok(response).data;
}

/** Changes only the version that was read; if someone else has changed the market, reads it again. */
async function describe(id: string, description: string): Promise<number> {
  const seen = await api.getMarket({ path: { id } });
  if (seen.status !== 200) {
    throw new Error(`read ${seen.status}`);
  }

  const response = await api.updateMarket({ path: { id }, header: { "If-Match": seen.etag }, body: { description } });
  switch (response.status) {
    case 200:
      return response.body.data.version;
    case 412:
      return describe(id, description);
    default:
      return ok(response); // throws the problem
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
    console.log(`rejected: ${error.problem.details.map(({ field, code }) => `${field} ${code}`).join(", ")}`);
  } else {
    throw error;
  }
}
