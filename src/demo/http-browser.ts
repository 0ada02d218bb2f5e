import { Agent, request } from 'undici';

const MOST_REDIRECTS = 10;

export type Answer = {
  status: number;
  /** As supertest gives them: one text for each name, except `set-cookie`, which is a list if it is there. */
  headers: Record<string, string>;
  text: string;
  /** What the text says as JSON; undefined if it is not JSON. */
  body: unknown;
};

export type Method = 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete' | 'options';
export type FormFields = Record<string, string | string[]>;

export type Sent = {
  /** A form's fields, or its body as it is. */
  form?: FormFields | URLSearchParams | string;
  json?: object;
  headers?: Record<string, string>;
};

/**
 * What every browser without JavaScript shares: cookies, redirects, and the encoding of forms. A path is at `origin`;
 * any other address is used as it is. Rejects if the connection breaks before the whole answer arrived.
 */
export class HttpBrowser {
  private readonly jars = new Map<string, Map<string, string>>();
  private readonly agent: Agent;

  /**
   * @param keepAlive whether it uses a connection again. A server in the same process may close an idle connection
   *   while a test keeps that process busy, and then the next request would fail.
   */
  constructor(
    readonly origin = '',
    { keepAlive = false } = {},
  ) {
    this.agent = new Agent({ connections: 64, pipelining: keepAlive ? 1 : 0 });
  }

  /** The cookies for an origin, by name. Ignores their paths, because no two of one name differ only in the path. */
  cookiesOf(origin: string): Map<string, string> {
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    this.jars.set(origin, jar);
    return jar;
  }

  /** Makes one request. Does not follow a redirect. */
  async send(method: Method, address: string, { form, json, headers }: Sent = {}): Promise<Answer> {
    const url = address.startsWith('/') ? this.origin + address : address;
    const jar = this.cookiesOf(new URL(url).origin);
    const body = form === undefined ? json && JSON.stringify(json) : encode(form);
    const type = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded';
    const answer = await request(url, {
      dispatcher: this.agent,
      method: method.toUpperCase() as Uppercase<Method>,
      headers: {
        ...(jar.size > 0 && { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(body !== undefined && { 'content-type': type }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    });
    const cookies = [answer.headers['set-cookie'] ?? []].flat();
    for (const line of cookies) keep(jar, line);
    const text = await answer.body.text();
    return {
      status: answer.statusCode,
      headers: { ...answer.headers, ...(cookies.length > 0 && { 'set-cookie': cookies }) } as Record<string, string>,
      text,
      body: parsed(text, answer.headers['content-type']),
    };
  }

  /** Makes a request and follows redirects. @returns the last answer and its address */
  async visit(method: Method, address: string, sent?: Sent): Promise<{ answer: Answer; url: string }> {
    let url = address.startsWith('/') ? this.origin + address : address;
    let answer = await this.send(method, url, sent);
    for (let hops = 0, next = redirectOf(answer, url); next !== undefined; next = redirectOf(answer, url)) {
      if ((hops += 1) > MOST_REDIRECTS) throw new Error(`${new URL(url).pathname} redirects without end`);
      answer = await this.send('get', (url = next));
    }
    return { answer, url };
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}

/** Where an answer to a request for `url` sends the browser; undefined if it is not a redirect. */
export function redirectOf({ status, headers }: Answer, url: string): string | undefined {
  const isRedirect = status >= 300 && status < 400 && headers['location'] !== undefined;
  return isRedirect ? new URL(headers['location'] ?? '', url).href : undefined;
}

/** As browsers encode a form (`application/x-www-form-urlencoded`); a list is one pair for each value. */
function encode(form: FormFields | URLSearchParams | string): string {
  if (typeof form === 'string') return form;
  if (form instanceof URLSearchParams) return form.toString();
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) for (const one of [value].flat()) fields.append(name, one);
  return fields.toString();
}

function parsed(text: string, type: string | string[] | undefined): unknown {
  return text !== '' && String(type).includes('json') ? JSON.parse(text) : undefined;
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = '', ...rules] = line.split(';').map((part) => part.trim());
  const cut = pair.indexOf('=');
  const name = pair.slice(0, cut);
  const value = pair.slice(cut + 1);
  const rule = (wanted: string) =>
    rules.find((one) => one.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
  const expires = rule('expires');
  const isOver = rule('max-age') === '0' || (expires !== undefined && Date.parse(expires) <= Date.now());
  if (value === '' || isOver) jar.delete(name);
  else jar.set(name, value);
}
