import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { RequestHandler } from 'express';
import { readLogo } from '../logo.js';
import { brandStyles } from './brand-styles.js';

/** Where the frame of every page finds its files: the local `assets`. */
export type AssetUrls = { css: string; js: string; brandCss?: string; logo?: string };

export type BrandFiles = { colour?: string | undefined; logoFile?: string | undefined };

const css = 'text/css; charset=utf-8';
const js = 'text/javascript; charset=utf-8';

type Asset = { body: Buffer; type: string; version: string; encoded: Map<string, Buffer>; policy?: string };

/** Of a picture that is opened by itself: it is a page of ours then, and runs, loads and sends nothing. */
const picturePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

function asset(body: Buffer, type: string): Asset {
  const encoded = new Map<string, Buffer>();
  if (!/^image\/(png|webp|jpeg)/.test(type)) {
    encoded.set('br', brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
    encoded.set('gzip', gzipSync(body, { level: 9 }));
  }
  return { body, type, encoded, version: createHash('sha256').update(body).digest('base64url').slice(0, 10) };
}

/**
 * The few files every page loads: read once, sent compressed, and kept by browsers for a year under an address that
 * changes with the content. Only these are compressed: they hold nothing of a person, so their length tells nothing.
 */
export function pageAssets(publicFolder: string, { colour, logoFile }: BrandFiles = {}) {
  const styles = colour === undefined ? undefined : brandStyles(colour);
  const assets = new Map<string, Asset>([
    ['/build/app.css', asset(readFileSync(join(publicFolder, 'build/app.css')), css)],
    ['/app.js', asset(readFileSync(join(publicFolder, 'app.js')), js)],
    ...(styles === undefined ? [] : [['/brand.css', asset(Buffer.from(styles), css)] as const]),
  ]);
  if (logoFile !== undefined) {
    const { body, type } = readLogo(logoFile);
    assets.set('/brand-logo', { ...asset(body, type), policy: picturePolicy });
  }

  const url = (path: string): string | undefined => {
    const found = assets.get(path);
    return found && `${path}?v=${found.version}`;
  };
  const brandCss = url('/brand.css');
  const logo = url('/brand-logo');
  const urls: AssetUrls = {
    css: url('/build/app.css') ?? '',
    js: url('/app.js') ?? '',
    ...(brandCss === undefined ? {} : { brandCss }),
    ...(logo === undefined ? {} : { logo }),
  };

  const serve: RequestHandler = (req, res, next) => {
    const found = req.method === 'GET' || req.method === 'HEAD' ? assets.get(req.path) : undefined;
    if (!found) {
      next();
      return;
    }
    const encoding = ['br', 'gzip'].find((name) => req.acceptsEncodings(name) === name);
    const encoded = encoding === undefined ? undefined : found.encoded.get(encoding);
    if (encoded) res.set('Content-Encoding', encoding);
    if (found.policy !== undefined) res.set('Content-Security-Policy', found.policy);
    const kept = req.query.v === found.version ? 'public, max-age=31536000, immutable' : 'no-cache';
    res.set({ 'Content-Type': found.type, 'Cache-Control': kept, Vary: 'Accept-Encoding' });
    res.send(encoded ?? found.body);
  };
  return { urls, serve };
}
