import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';

/**
 * A client in a process of its own: prints its port, and makes the requests that are posted to it. The limit of a key is
 * not what is measured, so the keys take turns.
 */
export type Load = {
  origin: string;
  path: string;
  keys: string[];
  body: string;
  requests: number;
  connections: number;
};
export type Loaded = { p50: number; p99: number };

async function run({ origin, path, keys, body, requests, connections }: Load): Promise<Loaded> {
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const times: number[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < requests) {
      const key = keys[next % keys.length] ?? '';
      next += 1;
      const startedAt = performance.now();
      const { statusCode, body: answer } = await pool.request({
        path,
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body,
      });
      const text = await answer.text();
      if (statusCode !== 200) throw new Error(`answered ${statusCode}: ${text.slice(0, 300)}`);
      times.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  await pool.close();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

const server = createServer((req, res) => {
  const parts: Buffer[] = [];
  req.on('data', (part: Buffer) => parts.push(part));
  req.on('end', () => {
    run(JSON.parse(Buffer.concat(parts).toString()) as Load).then(
      (loaded) => res.end(JSON.stringify(loaded)),
      (error: unknown) => {
        res.statusCode = 500;
        res.end(String(error));
      },
    );
  });
});
server.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port}`));
