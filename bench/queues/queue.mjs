// Queues jobs: queue.mjs (marketsapi | graphile-worker | pg-boss) COUNT [PER-SECOND], on the database that DATABASE names. All at once unless a rate is given.
import { randomBytes } from "node:crypto";
import pg from "pg";

const [queue, count, rate] = process.argv.slice(2);
const client = new pg.Client({ connectionString: process.env.DATABASE });
await client.connect();

function uuidv7() {
  const hex = Date.now().toString(16).padStart(12, "0") + "7" + randomBytes(9).toString("hex").slice(1, 4);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-8${randomBytes(8).toString("hex").slice(1, 4)}-${randomBytes(6).toString("hex")}`;
}

const statements = {
  marketsapi: "INSERT INTO jobs (id, kind, created_at, run_at) SELECT id, 'trivial', now(), now() FROM unnest($1::uuid[]) AS one (id)",
  "graphile-worker":
    "SELECT graphile_worker.add_jobs(array_agg(json_populate_record(NULL::graphile_worker.job_spec, json_build_object('identifier', 'trivial', 'payload', json_build_object('queuedAt', t))))) FROM unnest($1::bigint[]) AS one (t)",
  "pg-boss": "INSERT INTO pgboss.job (name, data) SELECT 'trivial', json_build_object('queuedAt', t) FROM unnest($1::bigint[]) AS one (t)",
};
const make = queue === "marketsapi" ? uuidv7 : Date.now;
const add = (jobs) => client.query({ name: "add", text: statements[queue], values: [jobs] });

if (rate) {
  const began = performance.now();
  for (let queued = 0; queued < Number(count); queued++) {
    const wait = began + (queued * 1000) / Number(rate) - performance.now();
    if (wait > 0) {
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    await add([make()]);
  }
} else {
  await add(Array.from({ length: Number(count) }, make));
}
await client.end();
