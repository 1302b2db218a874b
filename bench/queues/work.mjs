// Runs jobs: work.mjs (graphile-worker | pg-boss) (default | fastest), on the database that DATABASE names.
import { count } from "./series.mjs";

const [queue, settings] = process.argv.slice(2);
const connectionString = process.env.DATABASE;
if (queue === "graphile-worker") {
  const { run, Logger } = await import("graphile-worker");
  // What its documentation calls optimal conditions.
  const fastest = {
    concurrentJobs: 24,
    maxPoolSize: 25,
    localQueue: { size: 500 },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
  };
  await run({
    preset: { worker: { connectionString, ...(settings === "fastest" ? fastest : {}) } },
    logger: new Logger(() => () => {}),
    taskList: { trivial: async ({ queuedAt }) => count(queuedAt) },
  });
} else {
  const { default: PgBoss } = await import("pg-boss");
  const boss = new PgBoss({ connectionString, max: settings === "fastest" ? 25 : 10 });
  boss.on("error", console.error);
  await boss.start();
  await boss.createQueue("trivial");
  // Batches, the shortest interval that it allows, and several pollers.
  const options = settings === "fastest" ? { batchSize: 1000, pollingIntervalSeconds: 0.5 } : {};
  for (let poller = 0; poller < (settings === "fastest" ? 10 : 1); poller++) {
    await boss.work("trivial", options, async (jobs) => jobs.forEach((job) => count(job.data.queuedAt)));
  }
}
console.log("ready");
