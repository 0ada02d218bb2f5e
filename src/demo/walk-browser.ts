import { HttpBrowser, type Method, type Sent } from './http-browser.js';
import { fillIn, WalkPage, type Fields } from './walk-page.js';

/** A person without JavaScript: opens addresses, follows links and submits forms, by what the pages say. */
export class WalkBrowser {
  private readonly browser = new HttpBrowser();
  /** Every page it received, after redirects. */
  readonly seen: WalkPage[] = [];
  /** Links followed and buttons pressed. */
  clicks = 0;

  async open(url: string): Promise<WalkPage> {
    return this.request('get', url);
  }

  async follow(page: WalkPage, linkText: RegExp): Promise<WalkPage> {
    this.clicks += 1;
    return this.open(page.link(linkText));
  }

  /** Presses the button with this text after filling in the fields of its form. */
  async press(page: WalkPage, button: RegExp, fields: Fields = {}): Promise<WalkPage> {
    this.clicks += 1;
    const form = page.form(button);
    const values = fillIn(form, fields);
    if (form.method === 'post') return this.request('post', form.action, { form: values });
    const url = new URL(form.action);
    url.search = values.toString();
    return this.open(url.href);
  }

  /** Sends a HEAD request, as a mail scanner does; does not follow redirects. */
  async head(url: string): Promise<number> {
    return (await this.browser.send('head', url)).status;
  }

  private async request(method: Method, url: string, sent?: Sent): Promise<WalkPage> {
    const { answer, url: at } = await this.browser.visit(method, url, sent);
    const page = new WalkPage(at, answer.status, answer.text);
    this.seen.push(page);
    return page;
  }
}
