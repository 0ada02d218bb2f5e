import { randomBytes } from 'node:crypto';
import type { Session } from 'express-session';
import { keepLink, keptLink } from '../../../src/platform/http/kept-link.js';
import { jwksOfSymmetricKeys, symmetricSealing } from '../../../src/platform/sealing/sealing.js';

const sealing = async () => symmetricSealing(await jwksOfSymmetricKeys([randomBytes(32)]));
const url = 'https://portal.example/invitations/a-secret-token';
const invitation = { purpose: 'invitation_link', tenantId: 'north', id: 'inv-1' } as const;
const aSession = () => Object.create({}) as Session;

describe('a link that is stored only as a hash', () => {
  it('can be read repeatedly in the session that made it', async () => {
    const [session, keys] = [aSession(), await sealing()];
    await keepLink(session, keys, { ...invitation, url });
    expect(await keptLink(session, keys, invitation)).toBe(url);
    expect(await keptLink(session, keys, invitation)).toBe(url);
  });

  it('is sealed, so that the stored session does not reveal it', async () => {
    const session = aSession();
    await keepLink(session, await sealing(), { ...invitation, url });
    expect(JSON.stringify(session)).not.toContain('a-secret-token');
  });

  it('has one purpose, id and tenant, and is replaced by the next one', async () => {
    const [session, keys] = [aSession(), await sealing()];
    await keepLink(session, keys, { ...invitation, url });
    expect(await keptLink(session, keys, { ...invitation, tenantId: 'south' })).toBeNull();
    expect(await keptLink(session, keys, { ...invitation, purpose: 'hand_off_link' })).toBeNull();
    await keepLink(session, keys, { ...invitation, id: 'inv-2', url: `${url}-2` });
    expect(await keptLink(session, keys, invitation)).toBeNull();
    expect(await keptLink(session, keys, { ...invitation, id: 'inv-2' })).toBe(`${url}-2`);
  });

  it('is absent, not an error, in another session or with another key', async () => {
    const session = aSession();
    await keepLink(session, await sealing(), { ...invitation, url });
    expect(await keptLink(session, await sealing(), invitation)).toBeNull();
    expect(await keptLink(aSession(), await sealing(), invitation)).toBeNull();
  });
});
