import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import session from 'express-session';
import { seeOther } from '../../../src/platform/http/answers.js';

/** Stores nothing until it is released. */
class HeldStore extends session.MemoryStore {
  private let: (() => void)[] = [];
  private onAsked: () => void = () => undefined;
  readonly asked = new Promise<void>((resolve) => (this.onAsked = resolve));

  override set(id: string, data: session.SessionData, done?: (error?: unknown) => void): void {
    this.let.push(() => super.set(id, data, done));
    this.onAsked();
  }
  letThem(): void {
    for (const one of this.let.splice(0)) one();
  }
}

it('redirects only after the session has been stored', async () => {
  const store = new HeldStore();
  const app = express()
    .get('/nothing', (_req, res) => void res.end())
    .use(session({ store, secret: 'synthetic', resave: false, saveUninitialized: false }))
    .get('/', (req, res) => {
      Object.assign(req.session, { next: '/a-page' });
      seeOther(res, '/a page');
    });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const ask = (path: string) =>
    new Promise<{ status: number | undefined; location: string | undefined }>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, agent: false }, (answer) => {
        answer.resume();
        resolve({ status: answer.statusCode, location: answer.headers.location });
      }).on('error', reject);
    });
  try {
    let sentOn = false;
    const answer = ask('/').finally(() => (sentOn = true));
    await store.asked;
    // Everything that was written before has arrived when these have.
    for (let times = 0; times < 3; times += 1) await ask('/nothing');
    expect(sentOn).toBe(false);
    store.letThem();
    expect(await answer).toEqual({ status: 303, location: '/a%20page' });
  } finally {
    store.letThem();
    await new Promise((resolve) => server.close(resolve));
  }
});
