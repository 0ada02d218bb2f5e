import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { RequestHandler } from 'express';
import { readLogo } from './logo.js';
import { brandStyles } from './brand-styles.js';

/** The addresses of the files that every page loads; the local `assets`. */
export type AssetUrls = {
  css: string;
  js: string;
  icon: string;
  brandCss?: string | undefined;
  logo?: string | undefined;
};

export type BrandFiles = { color?: string | undefined; logoFile?: string | undefined };

/** The color of the icon's file, which an ISV's color replaces. */
const DEFAULT_COLOR = '#14566b';
const css = 'text/css; charset=utf-8';
const js = 'text/javascript; charset=utf-8';

/** The policy for an image that is opened directly: it then runs, loads and sends nothing. */
const picturePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

const compressors = new Map<string, (body: Buffer) => Buffer>([
  ['br', (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })],
  ['gzip', (body) => gzipSync(body, { level: 9 })],
]);
const isPacked = (type: string): boolean => /^image\/(png|webp|jpeg)/.test(type);

function asset(body: Buffer, type: string, policy?: string) {
  const made = new Map<string, Buffer>();
  /** Compressed on first use and cached; most processes need one encoding, and some need none. */
  const encoded = (encoding: string): Buffer => {
    const found = made.get(encoding) ?? compressors.get(encoding)?.(body) ?? body;
    made.set(encoding, found);
    return found;
  };
  const version = createHash('sha256').update(body).digest('base64url').slice(0, 10);
  return { body, type, policy, encoded, version };
}

/**
 * The few files that every page loads. They are read once, sent compressed, and cached by browsers for a year under
 * an address that changes with their content. Only these are compressed: they contain no personal data, so their
 * length reveals nothing.
 */
export function pageAssets(publicFolder: string, { color, logoFile }: BrandFiles = {}) {
  const styles = color === undefined ? undefined : brandStyles(color);
  const ownIcon = readFileSync(join(publicFolder, 'favicon.svg'), 'utf8');
  const icon = styles === undefined || color === undefined ? ownIcon : ownIcon.replaceAll(DEFAULT_COLOR, color);
  const assets = new Map([
    ['/build/app.css', asset(readFileSync(join(publicFolder, 'build/app.css')), css)],
    ['/app.js', asset(readFileSync(join(publicFolder, 'app.js')), js)],
    ['/favicon.svg', asset(Buffer.from(icon), 'image/svg+xml', picturePolicy)],
  ]);
  if (styles !== undefined) assets.set('/brand.css', asset(Buffer.from(styles), css));
  if (logoFile !== undefined) {
    const { body, type } = readLogo(logoFile);
    assets.set('/brand-logo', asset(body, type, picturePolicy));
  }

  const url = (path: string): string | undefined => {
    const found = assets.get(path);
    return found && `${path}?v=${found.version}`;
  };
  const urls: AssetUrls = {
    css: url('/build/app.css') ?? '',
    js: url('/app.js') ?? '',
    icon: url('/favicon.svg') ?? '',
    brandCss: url('/brand.css'),
    logo: url('/brand-logo'),
  };

  const serve: RequestHandler = (req, res, next) => {
    const found = req.method === 'GET' || req.method === 'HEAD' ? assets.get(req.path) : undefined;
    if (!found) {
      next();
      return;
    }
    const offered = isPacked(found.type) ? [] : [...compressors.keys()];
    const encoding = offered.find((name) => req.acceptsEncodings(name) === name);
    if (encoding !== undefined) res.set('Content-Encoding', encoding);
    if (found.policy !== undefined) res.set('Content-Security-Policy', found.policy);
    const kept = req.query.v === found.version ? 'public, max-age=31536000, immutable' : 'no-cache';
    res.set({ 'Content-Type': found.type, 'Cache-Control': kept, Vary: 'Accept-Encoding' });
    res.send(encoding === undefined ? found.body : found.encoded(encoding));
  };
  return { urls, serve };
}
