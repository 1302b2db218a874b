// The markets as a good user of Fastify writes them: one process per core, named prepared statements, one statement
// instead of a transaction where one will do, schemas for requests and responses, and items in Redis, where all
// processes see a change at once (a copy in the memory of each would be stale after a write in another).
// It leaves out what MarketsApi does beside: history, search, jobs, entity tags, idempotency keys, cursors, drafts,
// limits, the log of requests. A read that began before a write can still put into Redis what it read, as is usual.
import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import jwt from "@fastify/jwt";
import Fastify from "fastify";
import { Redis } from "ioredis";
import pg from "pg";
import { v7 as uuidv7 } from "uuid";
import * as schemas from "./schemas.js";
import * as sql from "./sql.js";

if (cluster.isPrimary) {
  for (let worker = 0; worker < availableParallelism(); worker++) {
    cluster.fork();
  }
  cluster.on("exit", () => process.exit(1)); // the bench shall notice
} else {
  await serve();
}

async function serve() {
  pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);
  const database = new pg.Pool({ connectionString: process.env.DATABASE, max: 16 });
  const redis = new Redis(process.env.REDIS, { keyPrefix: "fastify:market:", enableAutoPipelining: true });
  const app = Fastify({ logger: { level: "warn" }, ajv: { customOptions: { multipleOfPrecision: 6 } } });
  app.register(jwt, { secret: process.env.SECRET, verify: { algorithms: ["HS256"] } });
  const authenticate = (request) => request.jwtVerify();

  const problem = (reply, status, message) => reply.code(status).send({ success: false, error: message });
  const notFound = (reply) => problem(reply, 404, "Market not found");
  const query = async (statement, values) => (await database.query({ ...statement, values })).rows;

  app.get("/api/markets", { schema: schemas.listMarkets }, async (request) => {
    const { status, category, sort, limit, offset } = request.query;
    const statement = category ? sql.listCategory[sort] : sql.list[sort];
    const rows = await query(statement, category ? [status, limit, offset, category] : [status, limit, offset]);
    return { success: true, data: rows.map(toMarket), meta: { limit, offset } };
  });

  app.get("/api/markets/:id", { schema: schemas.getMarket }, async ({ params: { id } }, reply) => {
    const cached = await redis.get(id);
    if (cached !== null) {
      return reply.type("application/json; charset=utf-8").send(cached);
    }
    const [row] = await query(sql.get, [id]);
    if (!row) {
      return notFound(reply);
    }
    const body = reply.serialize({ success: true, data: toMarket(row) });
    await redis.set(id, body, "EX", 300);
    return reply.type("application/json; charset=utf-8").send(body);
  });

  app.post("/api/markets", { schema: schemas.createMarket, onRequest: authenticate }, async ({ body, user }, reply) => {
    const now = new Date();
    const endsAt = new Date(body.endsAt);
    if (endsAt <= now) {
      return problem(reply, 400, "endsAt must be in the future");
    }
    const id = uuidv7();
    const values = [user.userId, user.name, user.email, now, id, body.name, body.description, body.category, endsAt];
    const [row] = await query(sql.create, values);
    return reply
      .code(201)
      .header("Location", `/api/markets/${id}`)
      .send({ success: true, data: toMarket(row) });
  });

  app.patch("/api/markets/:id", { schema: schemas.updateMarket, onRequest: authenticate }, async (request, reply) => {
    const { body, user } = request;
    const { id } = request.params;
    const fields = Object.keys(sql.columns).filter((field) => field in body);
    const values = fields.map((field) => (field === "endsAt" ? new Date(body.endsAt) : body[field]));
    const [row] = await query(sql.update(fields), [id, user.userId, new Date(), ...values]);
    if (!row) {
      const [market] = await query(sql.get, [id]);
      return market ? problem(reply, 403, "Only the creator may change a market") : notFound(reply);
    }
    await redis.del(id);
    return { success: true, data: toMarket(row) };
  });

  const positions = { schema: schemas.openPosition, onRequest: authenticate };
  app.post("/api/markets/:id/positions", positions, async ({ params, body, user }, reply) => {
    const { outcome, stake } = body;
    const marketId = params.id;
    const id = uuidv7();
    const now = new Date();
    const values = [user.userId, user.name, user.email, now, marketId, outcome, stake, id];
    const [opened] = await query(sql.openPosition, values);
    if (!opened) {
      const [market] = await query(sql.get, [marketId]);
      return market ? problem(reply, 409, "The market takes no positions") : notFound(reply);
    }
    await redis.del(marketId);
    const owner = { id: user.userId, displayName: user.name };
    return reply.code(201).send({ success: true, data: { id, marketId, user: owner, outcome, stake, createdAt: now } });
  });

  await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
}

function toMarket(row) {
  const pot = row.yesPool + row.noPool;
  return {
    ...row,
    pool: { yes: row.yesPool, no: row.noPool },
    probability: pot === 0 ? null : Math.round((row.yesPool / pot) * 10000) / 10000,
    creator: { id: row.creatorId, displayName: row.creatorName },
  };
}
