import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import fc from 'fast-check';
import request from 'supertest';
import { brandStyles, contrast, parseColour } from '../../src/platform/http/brand-styles.js';
import { pageAssets, type BrandFiles } from '../../src/platform/http/page-assets.js';
import { root } from './render.js';

const publicFolder = join(root, 'public');
const serving = (brand: BrandFiles = {}) => {
  const { urls, serve } = pageAssets(publicFolder, brand);
  return { urls, get: (path: string) => request(express().use(serve)).get(path) };
};

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts/build-css.js'), '--if-stale']);
});

describe('the files every page loads', () => {
  it('are sent compressed and kept for a year under an address that changes with them', async () => {
    const { urls, get } = serving();
    const answer = await get(urls.css).set('Accept-Encoding', 'br, gzip').expect(200);
    expect(answer.headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
    });
  });

  it('are sent plain to whoever asks so, and asked for again under another address', async () => {
    const answer = await serving().get('/app.js?v=older').set('Accept-Encoding', 'identity').expect(200);
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.headers['cache-control']).toBe('no-cache');
    expect(answer.text).toContain('refreshLater');
  });

  it('leave every other path to the portal', async () => {
    for (const path of ['/brand.css', '/build/../app.css', '/app.js/', '/']) {
      expect((await serving().get(path)).status).toBe(404);
    }
  });

  it('bring the colour and the logo of the ISV as files of our own host', async () => {
    const logoFile = join(mkdtempSync(join(tmpdir(), 'latchkey-')), 'logo.svg');
    writeFileSync(logoFile, '<svg xmlns="http://www.w3.org/2000/svg"/>');
    const { urls, get } = serving({ colour: '#7a1f5c', logoFile });
    expect((await get(urls.brandCss!).expect(200)).text).toContain('--brand:#7a1f5c');
    expect((await get(urls.logo!).expect(200)).headers['content-type']).toBe('image/svg+xml');
  });

  it('do not start with a logo that no browser shows', () => {
    const logoFile = join(mkdtempSync(join(tmpdir(), 'latchkey-')), 'logo.tiff');
    writeFileSync(logoFile, 'x');
    expect(() => serving({ logoFile })).toThrow('.tiff');
  });
});

describe('the colour of the ISV', () => {
  const named = (css: string, name: string) =>
    parseColour(new RegExp(`--${name}:(#[\\da-f]{6})`).exec(css)?.[1] ?? '')!;

  it('is #rgb or #rrggbb and nothing else', () => {
    expect(brandStyles('#0a5')).toContain('--brand:');
    for (const odd of ['red', '#12', '#12345g', '#fff}body{display:none', '']) expect(brandStyles(odd)).toBeUndefined();
  });

  it('whatever it is, links can be read on white and buttons on the colour', () => {
    const part = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(part, part, part, (...rgb) => {
        const css = brandStyles(`#${rgb.map((it) => it.toString(16).padStart(2, '0')).join('')}`)!;
        expect(contrast(named(css, 'brand-text'), [255, 255, 255])).toBeGreaterThanOrEqual(4.5);
        expect(contrast(named(css, 'on-brand'), named(css, 'brand'))).toBeGreaterThanOrEqual(4.5);
      }),
      { numRuns: 1000 },
    );
  });

  it('that is dark enough stays as it is', () => {
    expect(brandStyles('#14566b')).toBe(':root{--brand:#14566b;--brand-text:#14566b;--on-brand:#ffffff}\n');
  });
});
