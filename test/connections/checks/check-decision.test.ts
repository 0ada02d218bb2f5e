import { decide, type Before } from '../../../src/connections/checks/check-decision.js';
import type { Judged } from '../../../src/connections/proof/judged.js';
import type { Health, Serving } from '../../../src/connections/health/health.js';
import type { FaxLine } from '../../../src/connections/proof/fax-line-store.js';
import {
  A_MINUTE_AGO,
  accepted,
  atMint,
  credential,
  facts,
  FOUR_MINUTES_AGO,
  identity,
  inconclusive,
  line,
  MINTED,
  NOW,
  now,
  owner,
  PASTED,
  pasted,
  proofOf,
  refused,
  replacement,
  request,
  sealed,
  serving,
  session,
  STARTED,
  suspectSince,
  working,
} from './decision-samples.js';

it('says everything that a first paste changes when RingCentral accepts it', () => {
  const proof = proofOf(accepted);
  const before = {
    ...pasted,
    credential: credential({ status: 'pending', expiresAt: new Date('2027-02-01T00:00:00Z') }),
  };
  expect(decide(before, proof, { ...facts, sealed })).toEqual({
    tenantId: 'north',
    credentialId: 'jwt',
    requestId: 'request',
    connection: {
      tenantId: 'north',
      health: {
        since: NOW,
        serving: { state: 'working', since: NOW, warnings: [] },
        pending: null,
        lastRefusal: null,
        lastConclusive: { state: 'healthy', at: NOW },
        lastCheck: { at: NOW, kind: 'accepted', cause: null },
        lastClear: { at: NOW, kind: 'accepted', cause: null },
        lastGoodAt: NOW,
        mintedAt: NOW,
        probedAt: NOW,
      },
      checkedAt: now,
      connectedAt: now,
      identity,
      withheld: null,
      approvedAccountId: null,
      approvedOwnerId: null,
      known: null,
    },
    replaced: false,
    closing: { how: 'new_credential', by: 'alice' },
    faxLines: [line],
    unconfirmed: null,
    byColleague: false,
    check: {
      credentialId: 'jwt',
      trigger: 'person',
      verdict: 'accepted',
      cause: null,
      warnings: [],
      detail: { step: 'fax_lines' },
      startedAt: STARTED,
      finishedAt: now,
    },
    audit: {
      action: 'credential.judged',
      actor: { kind: 'person', id: 'alice' },
      tenantId: 'north',
      target: 'jwt',
      outcome: 'ok',
      detail: { verdict: 'accepted', cause: null, trigger: 'person' },
    },
    owner: { ownerId: '901', facts: owner },
    portal: { environment: 'production', app: 'production', proof, control: 'not_needed', judged: proof },
    forgetsTokens: false,
    token: { session, sealed },
    fate: 'activated',
    remindAt: new Date('2027-01-02T00:00:00.000Z'),
    next: {
      checked: {
        status: 'active',
        verdict: accepted,
        inconclusiveStreak: 2,
        retryAfterMs: null,
        suspectSince: null,
        expiresAt: new Date('2027-02-01T00:00:00Z'),
        evidenceAt: now,
      },
      waitsFor: null,
      now,
      spread: 0.5,
    },
  });
});

const failingWithPaste: Health = {
  ...replacement.connection.health,
  serving: { state: 'failing', since: PASTED, cause: 'owner_inactive' },
};

/** RingCentral was not asked about the user and the lines, or what it said is not to be stored. */
const nothingRead = { faxLines: null, owner: null };

type Expected = {
  fate: 'serves' | 'activated' | 'kept' | 'destroyed';
  verdict: string;
  serving: Serving | object;
  pending?: string | null;
  lastRefusal?: string;
  replaced?: true;
  forgetsTokens?: true;
  faxLines?: FaxLine[] | null;
  owner?: null;
  next: object | null;
};

it.each<[title: string, before: Before, proof: Judged, expected: Expected]>([
  [
    'an accepted replacement takes the place of what serves',
    replacement,
    proofOf(accepted),
    {
      fate: 'activated',
      verdict: 'accepted',
      serving: { state: 'working', since: NOW, warnings: [] },
      replaced: true,
      next: { status: 'active', suspectSince: null },
    },
  ],
  [
    'a refused replacement leaves what serves as it was',
    replacement,
    atMint(refused('credential_rejected')),
    {
      fate: 'destroyed',
      verdict: 'refused credential_rejected',
      serving: working,
      lastRefusal: 'credential_rejected',
      ...nothingRead,
      next: null,
    },
  ],
  [
    'a paste refused for what can be fixed in RingCentral is kept',
    pasted,
    atMint(refused('app_not_permitted')),
    {
      fate: 'kept',
      verdict: 'refused app_not_permitted',
      serving: { state: 'none' },
      pending: 'app_not_permitted',
      ...nothingRead,
      next: { status: 'pending', inconclusiveStreak: 2 },
    },
  ],
  [
    'a paste whose string is bad is destroyed, and no check follows',
    pasted,
    atMint(refused('credential_damaged')),
    {
      fate: 'destroyed',
      verdict: 'refused credential_damaged',
      serving: { state: 'none' },
      lastRefusal: 'credential_damaged',
      ...nothingRead,
      next: null,
    },
  ],
  [
    'a paste without an answer is kept, and its lines are not saved',
    pasted,
    proofOf(inconclusive, { retryAfterMs: 30_000 }),
    {
      fate: 'kept',
      verdict: 'inconclusive ringcentral_unavailable',
      serving: { state: 'none' },
      pending: 'ringcentral_unavailable',
      ...nothingRead,
      next: { status: 'pending', retryAfterMs: 30_000 },
    },
  ],
  [
    'a first doubtful refusal of what works is asked again',
    serving(working),
    atMint(refused('credential_rejected')),
    {
      fate: 'serves',
      verdict: 'refused credential_rejected',
      serving: suspectSince(NOW),
      ...nothingRead,
      next: { status: 'active', suspectSince: now },
    },
  ],
  [
    'a second one too soon after it confirms nothing',
    serving(suspectSince(A_MINUTE_AGO)),
    atMint(refused('credential_rejected')),
    {
      fate: 'serves',
      verdict: 'refused credential_rejected',
      serving: suspectSince(A_MINUTE_AGO),
      ...nothingRead,
      next: { suspectSince: new Date(A_MINUTE_AGO) },
    },
  ],
  [
    'a second one after the wait is believed, and jobs lose its tokens',
    serving(suspectSince(FOUR_MINUTES_AGO)),
    atMint(refused('credential_rejected')),
    {
      fate: 'serves',
      verdict: 'refused credential_rejected',
      serving: { state: 'failing', since: NOW, cause: 'credential_rejected' },
      forgetsTokens: true,
      ...nothingRead,
      next: { suspectSince: null },
    },
  ],
  [
    'a refusal beyond doubt is believed at once',
    serving(working),
    atMint(refused('owner_inactive')),
    {
      fate: 'serves',
      verdict: 'refused owner_inactive',
      serving: { state: 'failing', since: NOW, cause: 'owner_inactive' },
      forgetsTokens: true,
      ...nothingRead,
      next: { status: 'active', suspectSince: null },
    },
  ],
  [
    'a refusal of our own app changes no state of a clinic whose credential serves',
    serving(working),
    atMint(refused('app_misconfigured')),
    {
      fate: 'serves',
      verdict: 'inconclusive app_misconfigured',
      serving: working,
      ...nothingRead,
      next: { status: 'active', verdict: { kind: 'inconclusive', cause: 'app_misconfigured' } },
    },
  ],
  [
    'what was failing works again',
    serving({ state: 'failing', since: PASTED, cause: 'owner_inactive' }),
    proofOf({ kind: 'accepted', warnings: ['no_fax_line'] }),
    {
      fate: 'serves',
      verdict: 'accepted',
      serving: { state: 'working', since: NOW, warnings: ['no_fax_line'] },
      next: { status: 'active' },
    },
  ],
  [
    'an account of another clinic is refused, and neither its lines nor its user are noted',
    { ...pasted, isOfAnother: true },
    proofOf(accepted),
    {
      fate: 'kept',
      verdict: 'refused account_shared',
      serving: { state: 'none' },
      pending: 'account_shared',
      ...nothingRead,
      next: { status: 'pending' },
    },
  ],
  [
    'a credential that serves and acts as another user is asked again before it fails',
    serving(working),
    proofOf(accepted, { identity: { ...identity, ownerId: '902' } }),
    {
      fate: 'serves',
      verdict: 'refused account_mismatch',
      serving: {
        state: 'suspect',
        since: NOW,
        cause: 'account_mismatch',
        before: { since: PASTED, warnings: [] },
      },
      ...nothingRead,
      next: { status: 'active', suspectSince: now },
    },
  ],
  [
    'a credential that serves and again acts as another user fails, and that user is not watched',
    serving(suspectSince(FOUR_MINUTES_AGO)),
    proofOf(accepted, { identity: { ...identity, ownerId: '902' } }),
    {
      fate: 'serves',
      verdict: 'refused account_mismatch',
      serving: { state: 'failing', since: NOW, cause: 'account_mismatch' },
      forgetsTokens: true,
      ...nothingRead,
      next: { status: 'active', suspectSince: null },
    },
  ],
  [
    'a paste refused while what serves fails loses no token: jobs have none of it',
    { ...replacement, connection: { ...replacement.connection, health: failingWithPaste } },
    atMint(refused('app_not_permitted')),
    {
      fate: 'kept',
      verdict: 'refused app_not_permitted',
      serving: { state: 'failing', since: PASTED, cause: 'owner_inactive' },
      pending: 'app_not_permitted',
      ...nothingRead,
      next: { status: 'pending' },
    },
  ],
  [
    'another account than the pinned one is refused',
    replacement,
    proofOf(accepted, { identity: { ...identity, accountId: '502' } }),
    {
      fate: 'kept',
      verdict: 'refused account_mismatch',
      serving: working,
      pending: 'account_mismatch',
      ...nothingRead,
      next: { status: 'pending' },
    },
  ],
])('%s', (_title, before, proof, expected) => {
  const changes = decide(before, proof, { ...facts, sealed });
  if (changes === 'ask_again') throw new Error('it was asked again');
  const { fate, check, connection: after, replaced, forgetsTokens, faxLines, next } = changes;
  expect({
    fate,
    verdict: [check.verdict, check.cause].filter((part) => part !== null).join(' '),
    serving: after.health.serving,
    pending: after.health.pending?.cause ?? null,
    lastRefusal: after.health.lastRefusal?.cause,
    replaced,
    forgetsTokens,
    faxLines,
    owner: changes.owner,
    next: next && next.checked,
  }).toEqual({
    pending: null,
    lastRefusal: undefined,
    replaced: false,
    forgetsTokens: false,
    faxLines: [line],
    owner: { ownerId: '901', facts: owner },
    ...expected,
    next: expected.next && expect.objectContaining(expected.next),
  });
  expect(changes.audit).toMatchObject({
    outcome: check.verdict === 'accepted' ? 'ok' : check.verdict,
    detail: { verdict: check.verdict, cause: check.cause },
  });
});

it.each<[title: string, asked: Partial<Before['request']>, actor: object, by: string | null]>([
  ['a member', {}, { kind: 'person', id: 'alice' }, 'alice'],
  ['a colleague with a link of that member', { handOffId: 'link' }, { kind: 'hand_off', id: 'link' }, null],
  ['the portal itself', { requestedBy: null }, { kind: 'portal' }, null],
])(
  'a check asked for by %s is traced to them, and ends an incident in the name of members only',
  (_title, asked, actor, by) => {
    const changes = decide({ ...pasted, request: { ...request, ...asked } }, proofOf(accepted), facts);
    expect(changes).toMatchObject({ audit: { actor }, closing: { how: 'new_credential', by } });
  },
);

it('an account that staff approved meanwhile is asked about again', () => {
  const heldBack = proofOf(refused('account_shared'), { detail: { step: 'pins' }, lines: null });
  const approved = { ...pasted, isOfAnother: true, connection: { ...pasted.connection, approvedAccountId: '501' } };
  expect(decide(approved, heldBack, facts)).toBe('ask_again');
  expect(decide({ ...pasted, isOfAnother: true }, heldBack, facts)).toMatchObject({
    fate: 'kept',
    connection: { withheld: { accountId: '501', ownerId: '901', ownerName: 'Fax Integration' } },
  });
});

it('a refusal that the unchanged control credential also gets proves nothing about this one', () => {
  const proof = atMint(refused('credential_rejected'));
  const before = serving(suspectSince(FOUR_MINUTES_AGO));
  expect(decide(before, proof, { ...facts, control: 'refused' })).toMatchObject({
    connection: { health: { serving: suspectSince(FOUR_MINUTES_AGO) } },
    check: { verdict: 'inconclusive', cause: 'ringcentral_unavailable', detail: { step: 'control' } },
    portal: { control: 'refused', judged: proof },
  });
  expect(decide(before, proof, { ...facts, control: 'works' })).toMatchObject({
    connection: { health: { serving: { state: 'failing', cause: 'credential_rejected' } } },
  });
});

it.each<[title: string, proof: Judged, kept: boolean]>([
  ['of a user who is known', proofOf(accepted), true],
  ['that lacks a right to one line', proofOf(refused('extension_not_visible')), true],
  ['that lacks a scope', proofOf(refused('scope_missing'), { detail: { step: 'scopes' } }), true],
  ['of a user who is not approved', proofOf(refused('account_shared'), { detail: { step: 'pins' } }), false],
  ['whose user is not known', proofOf(inconclusive, { detail: { step: 'identity' }, identity: null }), false],
])('keeps for jobs the token only of a user who is known: %s', (_title, proof, kept) => {
  const before = { ...pasted, isOfAnother: proof.verdict.kind === 'refused' && proof.detail.step === 'pins' };
  expect(decide(before, proof, { ...facts, sealed })).toMatchObject({ token: kept ? { session, sealed } : null });
});

it("a check that used a job's token is no new evidence about our app, and does not change when it was minted", () => {
  const changes = decide(serving(working), proofOf(accepted, { by: { session, isNew: false } }), facts);
  expect(changes).toMatchObject({
    portal: { proof: null },
    connection: { health: { mintedAt: MINTED, probedAt: NOW } },
    next: { checked: { evidenceAt: new Date(MINTED) } },
  });
});

it('the user of a paste that is kept is not the one who is watched', () => {
  const changes = decide(replacement, proofOf(refused('extension_not_visible')), facts);
  expect(changes).toMatchObject({ fate: 'kept', owner: null, faxLines: [line] });
});
