import { randomBytes } from 'node:crypto';
import type { Session } from 'express-session';
import { keepLink, keptLink } from '../../../src/platform/http/kept-link.js';
import { jwksOfSymmetricKey, symmetricSealing } from '../../../src/platform/sealing/sealing.js';

const sealing = async () => symmetricSealing(await jwksOfSymmetricKey(randomBytes(32)));
const url = 'https://portal.example/invitations/a-secret-token';
const invitation = { purpose: 'invitation_link', tenantId: 'north', id: 'inv-1' } as const;
const aSession = () => Object.create({}) as Session;

describe('a link that is stored only as a hash', () => {
  it('comes back in the session that made it, as often as it is asked for', async () => {
    const [session, keys] = [aSession(), await sealing()];
    await keepLink(session, keys, { ...invitation, url });
    expect(await keptLink(session, keys, invitation)).toBe(url);
    expect(await keptLink(session, keys, invitation)).toBe(url);
  });

  it('is sealed: what is stored of the session does not give it away', async () => {
    const session = aSession();
    await keepLink(session, await sealing(), { ...invitation, url });
    expect(JSON.stringify(session)).not.toContain('a-secret-token');
  });

  it('is of one purpose, id and tenant, and gives way to the next', async () => {
    const [session, keys] = [aSession(), await sealing()];
    await keepLink(session, keys, { ...invitation, url });
    expect(await keptLink(session, keys, { ...invitation, tenantId: 'south' })).toBeNull();
    expect(await keptLink(session, keys, { ...invitation, purpose: 'hand_off_link' })).toBeNull();
    await keepLink(session, keys, { ...invitation, id: 'inv-2', url: `${url}-2` });
    expect(await keptLink(session, keys, invitation)).toBeNull();
    expect(await keptLink(session, keys, { ...invitation, id: 'inv-2' })).toBe(`${url}-2`);
  });

  it('is gone, not an error, in another session or under another key', async () => {
    const session = aSession();
    await keepLink(session, await sealing(), { ...invitation, url });
    expect(await keptLink(session, await sealing(), invitation)).toBeNull();
    expect(await keptLink(aSession(), await sealing(), invitation)).toBeNull();
  });
});
