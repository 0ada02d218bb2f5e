import type { AddressInfo } from 'node:net';
import express from 'express';
import { groupedAudit } from '../src/audit/grouped-audit.js';
import { openDatabase } from '../src/platform/database/database.js';
import { preparedRead } from '../src/platform/database/prepared-read.js';
import { realWorld } from '../src/platform/world.js';

/**
 * What no broker on Express can do without: `bare-broker.js <databaseUrl> <tenantId> <answer>` parses the same JSON,
 * reads one row, writes the same audit row in the same group commit, and answers as much. `/hello` does nothing.
 */
const [databaseUrl = '', tenantId = '', answer = '{}'] = process.argv.slice(2);
const db = openDatabase(databaseUrl);
const audit = groupedAudit({ db, world: realWorld });
const rowOf = preparedRead(
  (knex, id) => knex('tenants').where({ id }),
  ([row]: { id: string }[]) => row,
);
const body = JSON.parse(answer) as object;

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.post('/hello', (_req, res) => void res.send('hello'));
app.post('/token', express.json(), async (req, res) => {
  const { purpose, job_id: jobId } = req.body as { purpose: string; job_id: string };
  const row = await rowOf(db, tenantId);
  if (!row) throw new Error('there is no such tenant');
  await audit.append({
    action: 'token.issued',
    actor: { kind: 'api_key', id: '0123456789' },
    tenantId,
    target: row.id,
    outcome: 'ok',
    detail: { purpose, job_id: jobId },
    origin: { ip: req.ip, requestId: row.id },
  });
  res.json(body);
});
const server = app.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port}`));
