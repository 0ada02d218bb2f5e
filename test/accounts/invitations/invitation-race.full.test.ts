// Also on PostgreSQL: a revocation and an acceptance lock the same rows.
import { aPassword, anAccountsPortal, type AccountsPortal } from '../support.js';

let portal: AccountsPortal;
beforeAll(async () => {
  portal = await anAccountsPortal();
});
afterAll(() => portal.close());

/** Starts `other` when the database receives the nth statement of `first`. @returns undefined if there were fewer */
async function beginAt<First, Other>(nth: number, first: () => Promise<First>, other: () => Promise<Other>) {
  let sent = 0;
  let begun: Promise<Other> | undefined;
  const count = () => {
    sent += 1;
    if (sent === nth) begun = other();
  };
  portal.db.on('query', count);
  const outcome = await first();
  portal.db.removeListener('query', count);
  return begun && { first: outcome, other: await begun };
}

/** An opened invitation to a new tenant. */
async function anOpenedInvitation(name: string) {
  const email = `${name}@north.example`;
  const north = await portal.aTenant(`Clinic of ${name}`);
  const path = await portal.invited(north, email);
  const { id } = await portal.db('invitations').where({ email }).first<{ id: string }>('id');
  const browser = portal.browser();
  await browser.get(path);
  return {
    accept: async () => {
      const { headers } = await browser.post(path, { name, password: aPassword });
      return headers.location === `/tenants/${north}/guide`;
    },
    revoke: () => portal.invitations.revoke(north, id, { actor: { kind: 'portal' } }),
    /** The remaining rows: the invitation, the person, the member, and the audit. */
    left: async () => {
      const [row] = await portal.db('invitations').where({ id });
      const { accepted_at, revoked_at } = row as { accepted_at: string | null; revoked_at: string | null };
      const traces = portal.db('audit_events').where({ target: id }).whereNot({ action: 'invitation.created' });
      return {
        isAccepted: accepted_at !== null,
        isRevoked: revoked_at !== null,
        people: (await portal.db('people').where({ email })).length,
        members: (await portal.membersOf(north)).filter((member) => member.email === email).length,
        traces: await traces.pluck<string[]>('action'),
      };
    },
  };
}

const onlyAccepted = {
  isAccepted: true,
  isRevoked: false,
  people: 1,
  members: 1,
  traces: ['invitation.accepted'],
};
const onlyRevoked = {
  isAccepted: false,
  isRevoked: true,
  people: 0,
  members: 0,
  traces: ['invitation.revoked'],
};

/**
 * Runs the race once for each statement of the first act, at which the second begins. @returns the winner of each run
 */
async function race(name: string, isAcceptanceFirst: boolean): Promise<Set<string>> {
  const winners = new Set<string>();
  for (let nth = 1; ; nth += 1) {
    const { accept, revoke, left } = await anOpenedInvitation(`${name}${nth}`);
    const both = isAcceptanceFirst ? await beginAt(nth, accept, revoke) : await beginAt(nth, revoke, accept);
    if (!both) return winners;
    const [accepted, revoked] = isAcceptanceFirst ? [both.first, both.other] : [both.other, both.first];
    expect({ nth, accepted, revoked, ...(await left()) }).toEqual({
      nth,
      accepted,
      revoked: !accepted,
      ...(accepted ? onlyAccepted : onlyRevoked),
    });
    winners.add(accepted ? 'acceptance' : 'revocation');
  }
}

describe('SEC-06, SEC-41: exactly one of a parallel acceptance and revocation of an invitation takes effect', () => {
  it('at whatever statement of the acceptance the revocation begins', async () => {
    expect(await race('alice', true)).toEqual(new Set(['acceptance', 'revocation']));
  });

  it('at whatever statement of the revocation the acceptance begins', async () => {
    expect(await race('bob', false)).toContain('revocation');
  });
});

it('SEC-20, SEC-41: a person who is no longer a member when the transaction runs can neither invite, resend nor revoke', async () => {
  const north = await portal.aTenant('Clinic of a former member');
  await portal.aMember(north, 'former@north.example');
  const former = await portal.db('people').where({ email: 'former@north.example' }).first<{ id: string }>('id');
  await portal.invited(north, 'waiting@north.example');
  const email = 'waiting@north.example';
  const { id } = await portal.db('invitations').where({ email }).first<{ id: string }>('id');
  await portal.db('memberships').where({ tenant_id: north }).delete();
  const by = { actor: { kind: 'person', id: former.id }, member: true } as const;
  const asked = { tenantId: north, email: 'new@north.example', invitedBy: by.actor.id, byMember: true };
  expect(await portal.invitations.invite(asked)).toMatchObject({ ok: false, problem: 'tenant_unknown' });
  expect(await portal.invitations.sendAgain(north, id, by)).toBeUndefined();
  expect(await portal.invitations.revoke(north, id, by)).toBe(false);
});
