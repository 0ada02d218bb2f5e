import { startPostgres } from './postgres.js';

/** One server a run, for every test file on PostgreSQL. */
export default async function start() {
  const server = await startPostgres();
  process.env.TEST_POSTGRES_URL = server.url;
  globalThis.testPostgres = server;
}
