import { Agent, request } from 'undici';

export type Page = { status: number; location: string | null; text: string };

/**
 * Somebody with a browser, for portals in other processes: keeps cookies and the form token. `origin` may change while
 * they are signed in, as the portal may be started anew on another port.
 */
export class HttpVisitor {
  private readonly cookies = new Map<string, string>();
  private readonly agent = new Agent({ connections: 64 });
  private csrf = '';

  constructor(public origin: string) {}

  /** The same person in the same session; with connections and an origin of its own. */
  twin(origin = this.origin): HttpVisitor {
    const twin = new HttpVisitor(origin);
    for (const [name, value] of this.cookies) twin.cookies.set(name, value);
    twin.csrf = this.csrf;
    return twin;
  }

  get(path: string): Promise<Page> {
    return this.send('GET', path);
  }

  /** Posts a form with the token of the page seen last, which serves as long as the session does. */
  post(path: string, fields: Record<string, string> = {}): Promise<Page> {
    return this.send('POST', path, new URLSearchParams({ _csrf: this.csrf, ...fields }).toString());
  }

  /** Rejects when the connection breaks before the whole answer is here. */
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

/** What the connection page says to programs. */
export const dataOf = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/ data-(state|cause|fix-owner|checked-at)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
