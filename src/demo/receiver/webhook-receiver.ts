import { createHmac, timingSafeEqual } from 'node:crypto';
import express, { type Express } from 'express';

/** A webhook as it arrived; `verified`: by its signature, and the time of its try. */
export type Arrival = { id: string; type: string; at: Date; verified: boolean; body: string };

const MOST = 200;
const TOLERANCE_S = 300;

/** A program of the ISV that gets webhooks: it verifies the bytes that arrived, as docs/webhooks.md says. */
export function webhookReceiver(now: () => Date) {
  const arrivals: Arrival[] = [];
  let secret = '';

  function isVerified(id: string, timestamp: string, signatures: string, body: Buffer): boolean {
    if (Math.abs(now().getTime() / 1000 - Number(timestamp)) > TOLERANCE_S) return false;
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
    return signatures.split(' ').some((signature) => {
      const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
  }

  return {
    arrivals: (): readonly Arrival[] => arrivals,
    /** With this secret it verifies from now on. */
    use: (given: string): void => void (secret = given),
    app: receiverApp(arrivals, (req) => {
      const header = (name: string) => req.get(name) ?? '';
      const [id, body] = [header('webhook-id'), req.body as Buffer];
      const verified = isVerified(id, header('webhook-timestamp'), header('webhook-signature'), body);
      arrivals.push({ id, type: typeOf(body), at: now(), verified, body: body.toString() });
      if (arrivals.length > MOST) arrivals.shift();
      return verified;
    }),
  };
}

export type WebhookReceiver = ReturnType<typeof webhookReceiver>;

function typeOf(body: Buffer): string {
  try {
    return String((JSON.parse(body.toString()) as { type?: unknown }).type);
  } catch {
    return '';
  }
}

function receiverApp(arrivals: readonly Arrival[], take: (req: express.Request) => boolean): Express {
  const app = express().disable('x-powered-by').disable('etag');
  app.use((_req, res, next) => {
    res.set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    });
    next();
  });
  app.post('/latchkey', express.raw({ type: () => true, limit: '64kb' }), (req, res) => {
    res.status(take(req) ? 204 : 401).end();
  });
  app.get('/', (_req, res) => res.send(page(arrivals)));
  app.get('/receiver.css', (_req, res) => res.type('css').send(css));
  return app;
}

function page(arrivals: readonly Arrival[]): string {
  const rows = arrivals.toReversed().map(
    ({ id, type, at, verified, body }) => `<li><h2>${escape(type)}</h2>
<p>${verified ? 'Signature verified' : 'Signature refused'} · <time datetime="${at.toISOString()}">${at.toISOString().slice(0, 19).replace('T', ' ')} UTC</time> · ${escape(id)}</p>
<pre>${escape(body)}</pre></li>`,
  );
  const list = rows.length === 0 ? '<p>Nothing has arrived yet.</p>' : `<ol>${rows.join('\n')}</ol>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Webhooks that arrived</title><link rel="stylesheet" href="/receiver.css"></head>
<body><main><h1>Webhooks that arrived</h1>
<p>The newest first. This page is of a program that the portal sends its events to.</p>
${list}
</main></body></html>`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

const css = `
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: #0b0c0c; background: #fff; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
ol { list-style: none; padding: 0; }
li { border-bottom: 1px solid #b1b4b6; padding: 0.5rem 0; }
h2 { font-size: 1.1rem; margin: 0; }
p { margin: 0.25rem 0; }
pre { white-space: pre-wrap; margin: 0.25rem 0; }
`;
