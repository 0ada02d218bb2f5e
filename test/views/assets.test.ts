import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import fc from 'fast-check';
import request from 'supertest';
import { brandStyles, colorProblem, contrast, parseColor } from '../../src/platform/assets/brand-styles.js';
import { pageAssets, type BrandFiles } from '../../src/platform/assets/page-assets.js';
import { root } from './render.js';

const publicFolder = join(root, 'public');
const serving = (brand: BrandFiles = {}) => {
  const { urls, serve } = pageAssets(publicFolder, brand);
  return { urls, get: (path: string) => request(express().use(serve)).get(path) };
};

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts/build-css.js'), '--if-stale']);
});

describe('the files that every page loads', () => {
  it('are sent compressed and cached for a year under an address that changes with their content', async () => {
    const { urls, get } = serving();
    const answer = await get(urls.css).set('Accept-Encoding', 'br, gzip').expect(200);
    expect(answer.headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
    });
  });

  it('are sent uncompressed on request, and are not cached under another address', async () => {
    const answer = await serving().get('/app.js?v=older').set('Accept-Encoding', 'identity').expect(200);
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.headers['cache-control']).toBe('no-cache');
    expect(answer.text).toContain('refreshLater');
  });

  it('pass every other path on to the portal', async () => {
    for (const path of ['/brand.css', '/build/../app.css', '/app.js/', '/']) {
      expect((await serving().get(path)).status).toBe(404);
    }
  });

  it('include the ISV’s color and logo as files from our own host', async () => {
    const logoFile = join(mkdtempSync(join(tmpdir(), 'latchkey-')), 'logo.svg');
    writeFileSync(logoFile, '<svg xmlns="http://www.w3.org/2000/svg"/>');
    const { urls, get } = serving({ color: '#7a1f5c', logoFile });
    expect((await get(urls.brandCss!).expect(200)).text).toContain('--brand:#7a1f5c');
    const icon = (await get(urls.icon).expect(200)).body as Buffer;
    expect(icon.toString()).toContain('fill="#7a1f5c"');
    expect(icon.toString()).not.toContain('#14566b');
    const logo = await get(urls.logo!).expect(200);
    expect(logo.headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'content-security-policy': expect.stringMatching(/^default-src 'none';.* sandbox/) as string,
    });
  });

  it('reject a logo that no browser can show at startup', () => {
    const logoFile = join(mkdtempSync(join(tmpdir(), 'latchkey-')), 'logo.png');
    writeFileSync(logoFile, 'II*\0');
    expect(() => serving({ logoFile })).toThrow('must name an SVG, PNG, JPEG or WebP picture');
  });
});

describe('the color of the ISV', () => {
  const part = fc.integer({ min: 0, max: 255 });
  const color = fc.tuple(part, part, part);
  const hex = (rgb: number[]) => `#${rgb.map((it) => it.toString(16).padStart(2, '0')).join('')}`;

  it('is #rgb or #rrggbb and nothing else', () => {
    expect(brandStyles('#055')).toContain('--brand:#055;');
    for (const odd of ['red', '#12', '#12345g', '#fff}body{display:none', '']) {
      expect(brandStyles(odd)).toBeUndefined();
      expect(colorProblem(odd)).toBe('must be a color such as #0a5 or #00aa55');
    }
  });

  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#ff0000', '#ffffff', 4],
    ['#0000ff', '#000000', 2.44],
  ])('contrast of %s and %s is %f, as WCAG 2.2 reckons it', (one, other, ratio) => {
    expect(contrast(parseColor(one)!, parseColor(other)!)).toBeCloseTo(ratio, 1);
  });

  it('has a symmetric contrast of 1 to 21, 1 only with itself, and less against white for a lighter color', () => {
    fc.assert(
      fc.property(color, color, (one, other) => {
        const ratio = contrast(one, other);
        expect(ratio).toBeGreaterThanOrEqual(1);
        expect(ratio).toBeLessThanOrEqual(21);
        expect(contrast(other, one)).toBe(ratio);
        expect(contrast(one, one)).toBe(1);
        const lighter = one.map((it, index) => Math.max(it, other[index]!)) as [number, number, number];
        expect(contrast(lighter, [255, 255, 255])).toBeLessThanOrEqual(contrast(one, [255, 255, 255]));
      }),
      { numRuns: 1000 },
    );
  });

  it('is accepted unchanged or refused with the measured ratio; an accepted color is readable everywhere on the pages', () => {
    // The backgrounds in the style sheet, light and dark. A new background must be checked here too.
    const css = readFileSync(join(publicFolder, 'build/app.css'), 'utf8');
    for (const [name, light, dark] of [
      ['paper', '#fff', '#1b232a'],
      ['quiet', '#f3f5f7', '#12181d'],
      ['good', '#eef7f1', '#15291f'],
    ])
      expect([...css.matchAll(new RegExp(`--${name}: ?(#\\w+)`, 'g'))].map(([, value]) => value)).toEqual([
        light,
        dark,
      ]);
    const grounds = ['#ffffff', '#f3f5f7', '#eef7f1'].map((text) => parseColor(text)!);
    const darkGrounds = ['#1b232a', '#12181d', '#15291f'].map((text) => parseColor(text)!);
    fc.assert(
      fc.property(color, (rgb) => {
        const least = Math.min(...grounds.map((ground) => contrast(rgb, ground)));
        const problem = colorProblem(hex(rgb));
        expect(problem === undefined).toBe(least >= 4.5);
        const styles = brandStyles(hex(rgb));
        expect(styles === undefined).toBe(least < 4.5);
        if (problem === undefined) {
          const onDark = parseColor(/dark\)\{:root\{--brand:(#\w+)/.exec(styles ?? '')![1]!)!;
          expect(Math.min(...darkGrounds.map((ground) => contrast(onDark, ground)))).toBeGreaterThanOrEqual(4.5);
          return;
        }
        const told = Number(/contrast of ([\d.]+) to 1 .* needs 4\.5 to 1/.exec(problem)?.[1]);
        expect(told).toBeLessThan(4.5);
        expect(Math.abs(told - least)).toBeLessThanOrEqual(0.011);
        expect(problem).not.toContain(hex(rgb));
      }),
      { numRuns: 1000 },
    );
  });
});
