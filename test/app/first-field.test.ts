import { newCredentialPage } from '../../src/credentials/credential-page.js';
import { signInPage } from '../../src/accounts/sign-in/sign-in-pages.js';
import { memberPaths } from '../../src/tenants/journey.js';
import { english } from '../../src/texts/texts.js';
import { frame, render } from '../views/render.js';

const focused = (html: string): string[] =>
  [...html.matchAll(/<(?:input|textarea)[^>]* id="([^"]*)"[^>]* autofocus/g)].map(([, id = '']) => id);

describe('the focus of a page that is one form', () => {
  const signIn = (shown: Parameters<typeof signInPage>[2]) =>
    render('accounts/form', { page: signInPage(english, frame.brand, shown) });

  it('is in its first field', async () => {
    expect(focused(await signIn({}))).toEqual(['email']);
  });

  it('is not in a field where a summary of errors or a notice is read first', async () => {
    expect(focused(await signIn({ problem: 'wrong' }))).toEqual([]);
    expect(focused(await signIn({ notice: 'signed_out' }))).toEqual([]);
  });

  it('is in the paste box, and not after a refused paste', async () => {
    const facts = {
      t: english,
      tenant: { timeZone: 'UTC' },
      paths: memberPaths('north'),
      isvName: 'Northwind Records',
    };
    const refusal = { code: 'empty', expiresAt: null, issuer: null, seenLength: 0 } as const;
    expect(focused(await render('credentials/new', { page: newCredentialPage(facts) }))).toEqual(['assertion']);
    expect(focused(await render('credentials/new', { page: newCredentialPage(facts, refusal) }))).toEqual([]);
  });
});
