import type { Page } from '../support/visits/browser.js';
import { copyFrom, pasteInto } from './walk.js';

/** What the guide names, in the console's own words. */
export const consoleWords = [
  'Label',
  'Only specific apps of my choice',
  'Enter client ID',
  'Add app',
  'Expiration date (UTC)',
  'Create JWT',
];

/** RingCentral's console in a tab of its own, followed by the words of the guide and nothing else. */
export class ConsoleTab {
  constructor(readonly page: Page) {}

  async signIn(extensionId: string): Promise<void> {
    await this.page.getByLabel('User').selectOption(extensionId);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.getByRole('heading', { name: 'Create JWT' }).waitFor();
  }

  /** What was copied before goes into the label. */
  async pasteLabel(): Promise<string> {
    const field = this.page.getByLabel('Label');
    await pasteInto(this.page, field);
    return field.inputValue();
  }

  permittedApp(name: string) {
    return this.page.getByRole('cell', { name, exact: true });
  }

  /** Creates it, and copies it from the page that shows it. */
  async createAndCopy(): Promise<string> {
    await this.page.getByRole('button', { name: 'Create JWT' }).click();
    const jwt = this.page.getByLabel('JWT', { exact: true });
    await copyFrom(this.page, jwt);
    return jwt.inputValue();
  }

  /** The mend for a JWT that does not permit the app: what was copied before is the client ID. */
  async addAppTo(label: string, appName: string): Promise<void> {
    await this.page.getByRole('link', { name: label }).click();
    await this.page.getByLabel('Only specific apps of my choice').check();
    await pasteInto(this.page, this.page.getByLabel('Enter client ID'));
    await this.page.getByRole('button', { name: 'Add app' }).click();
    await this.permittedApp(appName).waitFor();
    await this.page.getByRole('button', { name: 'Save' }).click();
    await this.page.getByText('1 specific app(s)').waitFor();
  }
}
