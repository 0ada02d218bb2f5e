import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { english } from '../../src/texts/texts.js';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const viewsFolder = join(root, 'views');

/** The values that `pages-app.ts` passes to every view. */
export const frame = {
  t: english,
  brand: { name: 'Northwind Records', supportEmail: 'help@northwind.example', appName: 'Northwind Fax Reader' },
  csrfToken: () => 'csrf-token-of-a-test',
  requestId: 'req-test',
};

const app = express();
app.set('views', viewsFolder);
app.set('view engine', 'ejs');
app.set('view cache', true);

/** Renders a view as a route would, but without a server. */
export const render = (view: string, locals: object = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    app.render(view, { ...frame, ...locals }, (error: Error | null, html: string) => {
      if (error) reject(error);
      else resolve(html);
    });
  });

/** Every view of the portal; the emulator's console is a separate product. */
export const allViews = (): { path: string; source: string }[] =>
  readdirSync(viewsFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ejs') && !name.startsWith('emulator'))
    .sort()
    .map((name) => ({
      path: relative(root, join(viewsFolder, name)),
      source: readFileSync(join(viewsFolder, name), 'utf8'),
    }));
