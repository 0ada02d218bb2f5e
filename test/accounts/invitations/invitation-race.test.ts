import { aPassword, anAccountsPortal, type AccountsPortal } from '../support.js';

let portal: AccountsPortal;
beforeAll(async () => {
  portal = await anAccountsPortal();
});
afterAll(() => portal.close());

/** Begins `other` when the database is sent its nth statement while `first` runs. @returns undefined if it had fewer */
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

/** An invitation to a new tenant that somebody has opened. */
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
    /** What is left: the row, the person, the member, and the traces. */
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

/** Runs the race with the second act begun at each statement of the first. @returns who won each time */
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

describe('SEC-06, SEC-41: of an acceptance and a revocation of one invitation exactly one does anything', () => {
  it('wherever in the acceptance the revocation begins', async () => {
    expect(await race('alice', true)).toEqual(new Set(['acceptance', 'revocation']));
  });

  it('wherever in the revocation the acceptance begins', async () => {
    expect(await race('bob', false)).toContain('revocation');
  });
});
