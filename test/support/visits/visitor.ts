import type { Server } from 'node:http';
import request, { type Response } from 'supertest';

export type Fields = Record<string, string | string[]>;

/** A browser: keeps cookies, and submits each form with the token of the last page. */
export class Visitor {
  private readonly agent: ReturnType<typeof request.agent>;
  private csrf = '';
  /** Set by the code that signs the visitor in. */
  email = '';

  constructor(server: Server) {
    this.agent = request.agent(server);
  }

  async get(path: string): Promise<Response> {
    return this.seen(await this.agent.get(path));
  }

  /** Posts like the form on the last page. */
  async post(path: string, fields: Fields = {}): Promise<Response> {
    if (this.csrf === '') await this.get('/sign-in');
    return this.seen(
      await this.agent
        .post(path)
        .type('form')
        .send({ _csrf: this.csrf, ...fields }),
    );
  }

  /** Any other request, without a token unless one is given. */
  async send(method: 'get' | 'post' | 'put' | 'delete' | 'head' | 'options', path: string): Promise<Response> {
    return this.agent[method](path);
  }

  /** A call of the API: JSON, with a key if there is one. */
  async call(
    method: 'get' | 'post' | 'put' | 'patch' | 'delete',
    path: string,
    { key, body }: { key?: string | undefined; body?: object } = {},
  ): Promise<Response> {
    const asked = this.agent[method](path);
    if (key !== undefined) void asked.set('Authorization', `Bearer ${key}`);
    return body === undefined ? asked : asked.send(body);
  }

  /** Follows the redirect of an answer to its page. */
  async follow(response: Response): Promise<Response> {
    const { location } = response.headers;
    if (response.status !== 303 || !location) throw new Error(`no redirect to follow: ${response.status}`);
    return this.get(location.replace(/^https?:\/\/[^/]+/, ''));
  }

  private seen(response: Response): Response {
    const token = /name="_csrf" value="([^"]+)"/.exec(response.text)?.[1];
    if (token) this.csrf = token;
    return response;
  }
}
