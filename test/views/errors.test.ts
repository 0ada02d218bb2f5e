import type { ErrorCode } from '../../src/platform/errors.js';
import { errorPage } from '../../src/platform/http/error-pages.js';
import { english } from '../../src/texts/texts.js';
import { render } from './render.js';

const now = new Date('2026-11-21T14:01:00Z');
const facts = { requestId: 'req-7f3a', retryAt: new Date('2026-11-21T14:05:00Z'), now };
const shown = (code: ErrorCode) =>
  render('errors/error', { page: errorPage(code, english, facts), requestId: 'req-7f3a' });

describe('error pages', () => {
  const codes: ErrorCode[] = [
    'bad_request',
    'forbidden',
    'form_expired',
    'not_found',
    'method_not_allowed',
    'conflict',
    'too_large',
    'unsupported_media_type',
    'too_many_requests',
    'unavailable',
    'internal',
    'session_ended',
  ];

  it.each(codes)('%s says what happened in one heading and what to do in a paragraph', async (code) => {
    const html = await shown(code);
    const page = errorPage(code, english, facts);
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(page.paragraphs.length).toBeGreaterThan(0);
    for (const paragraph of page.paragraphs) expect(html).toContain(paragraph.replaceAll("'", '&#39;'));
  });

  it('have distinct titles', () => {
    expect(new Set(codes.map((code) => errorPage(code, english).title)).size).toBe(codes.length);
  });

  it.each(['internal', 'unavailable'] as const)('%s shows the code that support can find in the log', async (code) => {
    expect(await shown(code)).toContain('Code for support: req-7f3a');
  });

  it.each(codes.filter((code) => code !== 'internal' && code !== 'unavailable'))(
    '%s shows no such code',
    async (code) => {
      expect(await shown(code)).not.toContain('req-7f3a');
    },
  );

  it('SEC-18: not_found is the same page for every address', async () => {
    const one = await render('errors/error', { page: errorPage('not_found', english, facts), requestId: 'req-1' });
    const other = await render('errors/error', { page: errorPage('not_found', english), requestId: 'req-2' });
    expect(one).toBe(other);
  });

  it('too_many_requests says how long to wait and until what time', async () => {
    expect(await shown('too_many_requests')).toContain('You can continue in 4 minutes (2:05 PM UTC).');
  });

  it('session_ended returns only the listed fields that were typed: no password, code or JWT', () => {
    const typed = { name: 'North', email: ' ', assertion: 'eyJ', password: 'p', code: '1', _csrf: 'c', __proto__: 'x' };
    expect(errorPage('session_ended', english, { typed }).typed?.rows).toEqual([{ key: 'Name', value: 'North' }]);
    expect(errorPage('session_ended', english, { typed: { code: '1' } }).typed).toBeUndefined();
  });

  it('says "in a few minutes" when the time is unknown or has passed', () => {
    const soon = english.common.errorPages.tooManyRequests.soon;
    expect(errorPage('too_many_requests', english).paragraphs[0]).toBe(soon);
    expect(errorPage('too_many_requests', english, { retryAt: now, now }).paragraphs[0]).toBe(soon);
  });
});
