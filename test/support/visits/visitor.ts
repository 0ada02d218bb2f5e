import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  HttpBrowser,
  redirectOf,
  type Answer,
  type FormFields,
  type Method,
  type Sent,
} from '../../../src/demo/http-browser.js';

export type { Answer };
export type Fields = FormFields;

/** A browser for one portal: submits each form by its path and names, with the token of the last page. */
export class Visitor {
  private readonly browser: HttpBrowser;
  readonly cookies: Map<string, string>;
  /** The token of the last page. It is valid as long as the session. */
  csrf = '';
  /** What this browser sends with every request. */
  headers: Record<string, string> = {};
  /** Set by the code that signs the visitor in. */
  email = '';

  constructor(
    readonly origin: string,
    private readonly options: { keepAlive?: boolean } = {},
  ) {
    this.browser = new HttpBrowser(origin, options);
    this.cookies = this.browser.cookiesOf(origin);
  }

  /** The same person in the same session, with separate connections and possibly another process's origin. */
  twin(origin = this.origin): Visitor {
    const twin = new Visitor(origin, this.options);
    for (const [name, value] of this.cookies) twin.cookies.set(name, value);
    return Object.assign(twin, { csrf: this.csrf, headers: this.headers, email: this.email });
  }

  async get(path: string): Promise<Answer> {
    return this.see(await this.request('get', path));
  }

  /** Posts like the form on the last page. */
  async post(path: string, fields: Fields = {}): Promise<Answer> {
    if (this.csrf === '') await this.get('/sign-in');
    if (this.csrf === '') await this.get('/account/second-factor'); // when signed in, every page has the sign-out form
    return this.postRaw(path, { _csrf: this.csrf, ...fields });
  }

  /** Posts exactly this, without a token unless it has one. */
  async postRaw(path: string, form: Fields | string): Promise<Answer> {
    return this.see(await this.request('post', path, { form }));
  }

  async head(path: string): Promise<Answer> {
    return this.request('head', path);
  }

  /** Any other request, without a token and without a body. */
  async send(method: Method, path: string): Promise<Answer> {
    return this.request(method, path);
  }

  /** A call of the API: JSON, with a key if there is one. */
  async call(
    method: Method,
    path: string,
    { key, body }: { key?: string | undefined; body?: object } = {},
  ): Promise<Answer> {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    return this.request(method, path, { headers, ...(body && { json: body }) });
  }

  /** Follows the redirect of an answer to its page here, whatever origin it names. */
  async follow(answer: Answer): Promise<Answer> {
    const next = redirectOf(answer, this.origin);
    if (answer.status !== 303 || next === undefined) throw new Error(`no redirect to follow: ${answer.status}`);
    const { pathname, search } = new URL(next);
    return this.get(pathname + search);
  }

  close(): Promise<void> {
    return this.browser.close();
  }

  private async request(method: Method, path: string, { headers, ...sent }: Sent = {}): Promise<Answer> {
    const session = this.session();
    const answer = await this.browser.send(method, path, { ...sent, headers: { ...this.headers, ...headers } });
    if (this.session() !== session) this.csrf = ''; // a new session has another token
    return answer;
  }

  private session(): string | undefined {
    return this.cookies.get('sid') ?? this.cookies.get('__Host-sid');
  }

  private see(answer: Answer): Answer {
    this.csrf = /name="_csrf" value="([^"]+)"/.exec(answer.text)?.[1] ?? this.csrf;
    return answer;
  }
}

/** The address of a server that listens on loopback. */
export const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** The data attributes of the connection page, for programs. */
export const dataOf = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/ data-(state|cause|fix-owner|checked-at)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
