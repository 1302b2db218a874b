// What each request must be, and how its response is written: Fastify makes code of both.
const statuses = ["active", "closed", "resolved", "cancelled"];
const id = { type: "string", format: "uuid" };
const time = { type: "string", format: "date-time" };
const nullable = (schema) => ({ ...schema, nullable: true });

const user = { type: "object", properties: { id: { type: "string" }, displayName: { type: "string" } } };

const item = {
  id: { type: "string" },
  name: { type: "string" },
  category: nullable({ type: "string" }),
  status: { type: "string" },
  outcome: nullable({ type: "string" }),
  volume: { type: "number" },
  pool: { type: "object", properties: { yes: { type: "number" }, no: { type: "number" } } },
  probability: nullable({ type: "number" }),
  endsAt: nullable(time),
  createdAt: time,
  updatedAt: time,
  version: { type: "integer" },
  creator: user,
};
const market = { type: "object", properties: { ...item, description: { type: "string" } } };

const position = {
  type: "object",
  properties: {
    id: { type: "string" },
    marketId: { type: "string" },
    user,
    outcome: { type: "string" },
    stake: { type: "number" },
    createdAt: time,
  },
};

const envelope = (data, more) => ({
  type: "object",
  properties: { success: { type: "boolean" }, data, ...more },
});

const name = { type: "string", minLength: 3, maxLength: 300 };
const description = { type: "string", maxLength: 5000 };
const category = { type: "string", pattern: "^[a-z0-9-]{1,50}$" };
const params = { type: "object", properties: { id }, required: ["id"] };

export const listMarkets = {
  querystring: {
    type: "object",
    properties: {
      status: { type: "string", enum: statuses, default: "active" },
      category,
      sort: { type: "string", enum: ["volume", "createdAt"], default: "createdAt" },
      limit: { type: "integer", minimum: 1, maximum: 100, default: 20 },
      offset: { type: "integer", minimum: 0, maximum: 10000, default: 0 },
    },
  },
  response: {
    200: envelope(
      { type: "array", items: { type: "object", properties: item } },
      { meta: { type: "object", properties: { limit: { type: "integer" }, offset: { type: "integer" } } } },
    ),
  },
};

export const getMarket = { params, response: { 200: envelope(market) } };

export const createMarket = {
  body: {
    type: "object",
    properties: { name, description: { ...description, default: "" }, category, endsAt: time },
    required: ["name", "endsAt"],
  },
  response: { 201: envelope(market) },
};

export const updateMarket = {
  params,
  body: { type: "object", properties: { name, description, category, endsAt: time }, minProperties: 1 },
  response: { 200: envelope(market) },
};

export const openPosition = {
  params,
  body: {
    type: "object",
    properties: {
      outcome: { type: "string", enum: ["yes", "no"] },
      stake: { type: "number", minimum: 0.01, maximum: 1000000, multipleOf: 0.01 },
    },
    required: ["outcome", "stake"],
  },
  response: { 201: envelope(position) },
};
