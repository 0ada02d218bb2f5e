import type { AddressInfo } from 'node:net';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import express, { type Express } from 'express';
import { securityHeaders } from '../../src/app/frame.js';
import { pageAssets, type BrandFiles } from '../../src/platform/assets/page-assets.js';
import { frame, root, viewsFolder } from './render.js';

export const person = { id: 'ann', name: 'Ann Whitfield', email: 'ann@clinic.example', staffRole: null };
export const nav = [
  { text: 'Connection', href: '/connection' },
  { text: 'Guide', href: '/guide', current: true },
  { text: 'People', href: '/people' },
  { text: 'Activity', href: '/activity' },
];

/** Serves the frame, the views, the real headers and files, and a test's routes; nothing else of the portal. */
export async function serveViews(addRoutes: (app: Express) => void, brand: BrandFiles = {}) {
  execFileSync(process.execPath, [join(root, 'scripts/build-css.js'), '--if-stale']);
  const publicFolder = join(root, 'public');
  const assets = pageAssets(publicFolder, brand);
  const app = express().set('views', viewsFolder).set('view engine', 'ejs');
  const setHeaders = securityHeaders(false);
  app.use((_req, res, next) => {
    setHeaders(res);
    next();
  });
  app.use(assets.serve, express.static(publicFolder));
  app.use((_req, res, next) => {
    Object.assign(res.locals, frame, { assets: assets.urls, person, nav });
    next();
  });
  addRoutes(app);
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
