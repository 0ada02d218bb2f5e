import { connectionPage } from '../../../src/connections/pages/connection-page.js';
import type { Credential } from '../../../src/credentials/credential-types.js';
import { spanish } from '../../../src/texts/es/spanish.js';
import { overlaid } from '../../../src/texts/overlaid.js';
import { overviewPage } from '../../../src/staff/clinic/overview-page.js';
import { evidence, facts as staffFacts } from '../../staff/tenants/sample-tenants.js';
import { causeTable } from '../cause-table.js';
import { aPast, broken, facts, refusedPaste, samples, type Sample } from '../sample-connections.js';

/** What only a JWT can cause, and what points to JWTs on purpose. */
const ofJwts = ['app_not_permitted', 'credential_damaged', 'credential_expired', 'credential_rejected'];
const onPurpose = ['environment_differs', 'old_credential_alive', 'session_too_short'];

const signedIn = (one: Credential | null): Credential | null => one && { ...one, method: 'authorization_code' };
const bySignIn = ({ view: { shown, ...view }, checks }: Sample): Sample => ({
  view: {
    ...view,
    shown: { ...shown, suspect: shown.suspect && { ...shown.suspect, cause: 'sign_in_again' } },
    active: signedIn(view.active),
    pending: signedIn(view.pending),
    lastMethod: 'authorization_code',
  },
  checks,
});
const pageOf = ({ view, checks }: Sample, t = facts.t) =>
  connectionPage(view, checks, { past: aPast, names: new Map() }, { ...facts, t });

const causes = causeTable.map(([cause]) => cause).filter((cause) => ![...ofJwts, ...onPurpose].includes(cause));
const all: [string, Sample][] = [
  ...Object.entries(samples),
  ...causes.map((cause): [string, Sample] => [`broken: ${cause}`, broken(cause)]),
  ...causes.map((cause): [string, Sample] => [`refused: ${cause}`, refusedPaste(cause)]),
].filter(([, { view }]) => {
  const { pending, lastRefusal } = view.connection.health;
  const causes = [view.shown.cause, pending?.cause, lastRefusal?.cause];
  return !causes.some((cause) => [...ofJwts, ...onPurpose].includes(cause ?? ''));
});

it.each(all)('the page of a clinic that signed in speaks of no JWT of its own: %s', (_name, sample) => {
  for (const t of [facts.t, spanish]) {
    const { history: _past, fix, replacement, retired: _jwts, ...rest } = pageOf(bySignIn(sample), t);
    const said = JSON.stringify({ ...rest, fix, replacement }).replaceAll(t.bySignIn.connections.howToMake, '');
    expect(said.match(/[^"]*JWT[^"]*/g) ?? []).toEqual([]);
  }
});

it.each(all)(
  'the page for staff of such a clinic, and the fix that they send, speak of no JWT: %s',
  (_name, sample) => {
    for (const t of [facts.t, spanish]) {
      const found = evidence(bySignIn(sample));
      const page = overviewPage(found, { ...staffFacts, t, textsIn: () => t });
      const { state, fix, identity, ownerChange } = page;
      expect(JSON.stringify({ state, fix, identity, ownerChange }).match(/[^"]*JWT[^"]*/g) ?? []).toEqual([]);
    }
  },
);

it('a refused sign-in has one button, which leads to signing in again', () => {
  const { fix } = pageOf(bySignIn(broken('sign_in_again')));
  expect(fix?.paste).toEqual({
    text: 'Sign in to RingCentral again',
    href: `${facts.paths.guide}/sign-in`,
    how: { text: 'Connect with a JWT instead', href: facts.paths.makeJwt },
  });
  expect(fix?.check).toBeNull();
});

it('a code without an answer in time is not blamed on the clinic, which signs in again', () => {
  const { view, checks } = bySignIn(refusedPaste('sign_in_again'));
  const unanswered = checks.map((check) => ({ ...check, detail: { step: 'local', unanswered: true } as const }));
  const { fix } = pageOf({ view, checks: unanswered });
  expect(fix).toMatchObject({
    title: 'We could not finish your sign-in',
    ownerText: 'Your clinic did not cause this',
    paste: { href: `${facts.paths.guide}/sign-in` },
  });
  expect(fix?.paragraphs).toEqual([
    'RingCentral or this portal did not answer in time, so nothing was connected. Your clinic did nothing wrong.',
  ]);
  expect(pageOf({ view, checks }).fix).toMatchObject({
    title: 'Sign in to RingCentral again',
    ownerText: 'Your clinic can fix this',
  });
});

it('an account that ends sessions too soon leads to the JWT, because another sign-in would end too', () => {
  const { fix } = pageOf(bySignIn(refusedPaste('session_too_short')));
  expect(fix?.paste).toEqual({
    text: 'Connect with a JWT instead',
    href: facts.paths.makeJwt,
    how: { text: 'Sign in to RingCentral again', href: `${facts.paths.guide}/sign-in` },
  });
});

it('a sign-in that RingCentral no longer accepts is not said to be without an end', () => {
  const keys = (sample: Sample) => pageOf(bySignIn(sample)).next?.rows.map(({ key }) => key);
  expect(keys(samples.healthy!)).toContain('Sign-in ends');
  expect(keys(broken('sign_in_again'))).not.toContain('Sign-in ends');
});

it('texts that are laid over others replace only their own', () => {
  const base = { a: 'a', b: { c: 'c', d: ['d'] } };
  expect(overlaid(base, { b: { d: ['x', 'y'] } })).toEqual({ a: 'a', b: { c: 'c', d: ['x', 'y'] } });
  expect(base).toEqual({ a: 'a', b: { c: 'c', d: ['d'] } });
});

it.each(['account_shared', 'extension_not_visible', 'permission_missing', 'third_party_access_missing'] as const)(
  'a sign-in that is refused for its user or account has a link to sign in as another user: %s',
  (cause) => {
    const href = '/tenants/north/guide/sign-in';
    expect(pageOf(bySignIn(refusedPaste(cause))).fix?.signIn).toEqual({
      href,
      text: 'Sign in as another RingCentral user',
    });
    expect(pageOf(refusedPaste(cause)).fix?.signIn).toBeNull();
  },
);

it('a JWT that no longer works can be replaced by signing in, where that is offered', () => {
  const { view, checks } = broken('credential_rejected');
  const page = (signIn?: { href: string; insteadOfJwt: boolean }) =>
    connectionPage(view, checks, { past: aPast, names: new Map() }, { ...facts, signIn }).fix?.signIn ?? null;
  expect(page()).toBeNull();
  expect(page({ href: '/sign-in-page', insteadOfJwt: true })).toEqual({
    href: '/sign-in-page',
    text: "I can't open the Developer Console: sign in to RingCentral instead",
  });
});

it('a sign-in of another user is not said both to need signing in again and not to need it', () => {
  const { fix, lead } = pageOf(bySignIn(refusedPaste('account_mismatch')));
  expect(fix?.steps[0]).toEqual({
    text: 'If you intended this change, tell Northwind Records.',
    mail: { text: 'help@northwind.example', href: 'mailto:help@northwind.example' },
  });
  expect(lead.join(' ')).toMatch(
    /^We will keep your sign-in until .*\. If it works by then, no one needs to sign in again\.$/,
  );
});
