import { Agent, request } from 'undici';

export type Page = { status: number; location: string | null; text: string };

/**
 * A browser for portals in other processes: keeps cookies and the form token. `origin` may change during a session,
 * because the portal may be restarted on another port.
 */
export class HttpVisitor {
  private readonly cookies = new Map<string, string>();
  private readonly agent = new Agent({ connections: 64 });
  private csrf = '';

  constructor(public origin: string) {}

  /** The same person in the same session, with separate connections and possibly another origin. */
  twin(origin = this.origin): HttpVisitor {
    const twin = new HttpVisitor(origin);
    for (const [name, value] of this.cookies) twin.cookies.set(name, value);
    twin.csrf = this.csrf;
    return twin;
  }

  get(path: string): Promise<Page> {
    return this.send('GET', path);
  }

  /** Posts a form with the token of the last page, which is valid as long as the session. */
  post(path: string, fields: Record<string, string> = {}): Promise<Page> {
    return this.send('POST', path, new URLSearchParams({ _csrf: this.csrf, ...fields }).toString());
  }

  /** Rejects if the connection breaks before the whole answer has arrived. */
  private async send(method: 'GET' | 'POST', path: string, body?: string): Promise<Page> {
    const answer = await request(this.origin + path, {
      dispatcher: this.agent,
      method,
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body === undefined ? {} : { body }),
    });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.cookies.set(name, value);
    }
    const text = await answer.body.text();
    const token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1];
    if (token) this.csrf = token;
    const { location } = answer.headers;
    return { status: answer.statusCode, location: typeof location === 'string' ? location : null, text };
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}

/** The data attributes of the connection page, for programs. */
export const dataOf = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/ data-(state|cause|fix-owner|checked-at)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
