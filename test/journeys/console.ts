import type { Locator } from 'playwright-core';
import type { Page } from '../support/visits/browser.js';
import { copyFrom, pasteInto } from './walk.js';

/** The labels of the console that the guide mentions. */
export const consoleWords = [
  'Label',
  'Only specific apps of my choice',
  'Enter client ID',
  'Add app',
  'Expiration date (UTC)',
  'Create JWT',
];

/** RingCentral's console in a separate tab, operated only with the words of the guide. */
export class ConsoleTab {
  constructor(
    readonly page: Page,
    /** Counts the clicks of a person, here too. */
    private readonly click: (target: Locator) => Promise<void> = (target) => target.click(),
  ) {}

  async signIn(extensionId: string): Promise<void> {
    await this.page.getByLabel('User').selectOption(extensionId);
    await this.click(this.page.getByRole('button', { name: 'Sign in' }));
    await this.page.getByRole('heading', { name: 'Create JWT' }).waitFor();
  }

  /** Pastes the copied text into the label. */
  async pasteLabel(): Promise<string> {
    const field = this.page.getByLabel('Label');
    await this.click(field);
    await pasteInto(this.page, field);
    return field.inputValue();
  }

  permittedApp(name: string) {
    return this.page.getByRole('cell', { name, exact: true });
  }

  /** Creates the JWT and copies it from the page that shows it. */
  async createAndCopy(): Promise<string> {
    await this.click(this.page.getByRole('button', { name: 'Create JWT' }));
    const jwt = this.page.getByLabel('JWT', { exact: true });
    const copy = this.page.getByRole('button', { name: 'Copy' });
    if (await copy.isVisible()) await this.click(copy);
    else await copyFrom(this.page, jwt);
    return jwt.inputValue();
  }

  /** Adds the app to a JWT that does not permit it. The copied text is the client ID. */
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
