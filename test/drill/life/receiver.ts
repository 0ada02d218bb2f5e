import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isVerified } from '../../webhooks/support.js';

type Received = { id: string; body: string; accepted: boolean; verified: boolean };

/** A program of the ISV that gets webhooks. It answers the first try of every eighth event with an error. */
export class Receiver {
  readonly received: Received[] = [];
  private readonly refused = new Set<string>();
  private secret = '';

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new Receiver(server);
    server.on('request', (req, res) => void receiver.take(req, res));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/in`;
  }

  /** What requests are signed with. */
  trust(secret: string): void {
    this.secret = secret;
  }

  private async take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      let body = '';
      for await (const part of req.setEncoding('utf8')) body += String(part);
      const header = (name: string) => String(req.headers[name]);
      const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
      const headers = Object.fromEntries(names.map((name) => [name, header(name)]));
      const id = header('webhook-id');
      const accepted = this.refused.has(id) || this.received.length % 8 !== 0;
      if (!accepted) this.refused.add(id);
      const request = { url: this.url, headers, body, at: new Date() };
      this.received.push({ id, body, accepted, verified: isVerified(this.secret, request) });
      res.writeHead(accepted ? 204 : 500).end();
    } catch {
      res.destroy(); // the worker died while it sent
    }
  }

  /** What is wrong with what arrived of these events. */
  judge(name: string, events: readonly { id: string; body: string }[]): string[] {
    const problems: string[] = [];
    const bodies = new Map(events.map(({ id, body }) => [id, body]));
    const arrived = new Set(this.received.filter(({ accepted }) => accepted).map(({ id }) => id));
    for (const { id } of events) if (!arrived.has(id)) problems.push(`${name}: an event was never accepted`);
    for (const { id, body, verified } of this.received) {
      if (!verified) problems.push(`${name}: a receiver refuses a request`);
      if (bodies.get(id) !== body) problems.push(`${name}: a request is not the one of its event`);
    }
    return problems;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
