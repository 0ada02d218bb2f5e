import { fillIn, WalkPage, type Fields } from './walk-page.js';

const MOST_REDIRECTS = 10;

/** A browser with a cookie jar and without JavaScript: opens addresses, follows links and submits forms. */
export class WalkBrowser {
  private readonly jars = new Map<string, Map<string, string>>();
  /** Every page it received, after redirects. */
  readonly seen: WalkPage[] = [];

  async open(url: string): Promise<WalkPage> {
    return this.request(url, 'GET');
  }

  async follow(page: WalkPage, linkText: RegExp): Promise<WalkPage> {
    return this.open(page.link(linkText));
  }

  /** Presses the button with this text after filling in the fields of its form. */
  async press(page: WalkPage, button: RegExp, fields: Fields = {}): Promise<WalkPage> {
    const form = page.form(button);
    const values = fillIn(form, fields);
    if (form.method === 'post') return this.request(form.action, 'POST', values);
    const url = new URL(form.action);
    url.search = values.toString();
    return this.open(url.href);
  }

  /** Sends a HEAD request, as a mail scanner does; does not follow redirects. */
  async head(url: string): Promise<number> {
    return (await this.send(url, 'HEAD')).status;
  }

  private async request(url: string, method: 'GET' | 'POST', body?: URLSearchParams): Promise<WalkPage> {
    let at = url;
    let response = await this.send(at, method, body);
    for (let hop = 0; response.status >= 300 && response.status < 400; hop += 1) {
      if (hop === MOST_REDIRECTS) throw new Error(`${new URL(url).pathname} redirects without end`);
      await response.body?.cancel();
      at = new URL(response.headers.get('location') ?? '', at).href;
      response = await this.send(at, 'GET');
    }
    const page = new WalkPage(at, response.status, await response.text());
    this.seen.push(page);
    return page;
  }

  private async send(url: string, method: string, body?: URLSearchParams): Promise<Response> {
    const { origin } = new URL(url);
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    this.jars.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { accept: 'text/html', ...(cookie === '' ? {} : { cookie }) },
      ...(body ? { body } : {}),
    });
    for (const line of response.headers.getSetCookie()) keep(jar, line);
    return response;
  }
}

/**
 * Stores a cookie. Ignores its path, because both servers set cookies for all of their pages or for all console
 * pages.
 */
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
