import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { signInCodes } from '../../src/credentials/sign-in-codes.js';
import { sealContextOf } from '../../src/credentials/credential-store.js';
import type { ClinicKey } from '../../src/emulator/seed.js';
import { transactionOn } from '../../src/platform/database/database.js';
import { lockFor } from '../../src/platform/database/lock.js';
import { privateKeySealing } from '../../src/platform/sealing/sealing.js';
import { realWorld } from '../../src/platform/world.js';
import { endTokensOf } from '../../src/tokens/ringcentral-sessions.js';
import { eventually } from './eventually.js';
import { TestPortal, type TestPortalOptions } from './portal.js';

export const signInClientId = 'EXAMPLEsignIn_00000001';
const secret = 'EXAMPLEsecretEXAMPLEsecretEXAMPLEsecret00001';
const redirectUri = 'http://127.0.0.1:1/oauth/callback';

export const signInEnv = {
  RINGCENTRAL_CODE_CLIENT_ID: signInClientId,
  RINGCENTRAL_CODE_CLIENT_SECRET: secret,
};

/** A portal with an app of its own for sign-ins. */
export async function startWithSignIn(options: TestPortalOptions = {}): Promise<TestPortal> {
  const test = await TestPortal.start({ ...options, env: { ...signInEnv, ...options.env } });
  test.emulator.addApp({ clientId: signInClientId, secret, name: 'Example Health Sign-in' });
  test.emulator.updateApp(signInClientId, {
    grants: ['authorization_code'],
    issueRefreshTokens: true,
    redirectUris: [redirectUri, `${test.url}/oauth/callback`],
  });
  return test;
}

type Changed = {
  code?: string;
  verifier?: string;
  extensionId?: string;
  /** how long ago RingCentral gave the code */
  ageMs?: number;
  /** of the app for which the code was given */
  clientId?: string;
  /** who signed in */
  personId?: string;
};

/** Signs in to RingCentral and hands the code over as the callback does. @returns the credential and its check */
export async function signInFor(test: TestPortal, tenantId: string, clinic: ClinicKey, changed: Changed = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const code =
    changed.code ??
    test.emulator.authorize({
      clientId: signInClientId,
      extensionId: changed.extensionId ?? test.example.clinics[clinic].serviceUser.id,
      redirectUri,
      codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
      codeChallengeMethod: 'S256',
    });
  const id = randomUUID();
  const sealing = await privateKeySealing(JSON.parse(test.env.SEALING_KEYS_FILE ?? '') as unknown);
  const seal = (text: string, purpose: 'authorization_code' | 'code_verifier') =>
    sealing.seal(text, sealContextOf(tenantId, id, purpose));
  const { onSubmitted, wakeWorker } = test.portal.services.connections;
  const receivedAt = test.clock().getTime() - (changed.ageMs ?? 0);
  const onCode = signInCodes({
    world: { ...realWorld, now: () => new Date(receivedAt) },
    onSubmitted,
    onEnded: endTokensOf,
  });
  const received = {
    ...{ tenantId, id, clientId: changed.clientId ?? signInClientId },
    by: { personId: changed.personId ?? (await someMemberOf(test, tenantId)) },
    ...{ origin: { ip: '127.0.0.1', requestId: randomUUID() }, environment: 'production' as const },
    fingerprint: createHash('sha256').update(code).digest('hex'),
    sealedCode: await seal(JSON.stringify({ code, redirectUri, receivedAt }), 'authorization_code'),
    sealedVerifier: await seal(changed.verifier ?? verifier, 'code_verifier'),
  };
  await test.confirmAll();
  const queued = await transactionOn(test.db)(async (trx) => {
    await lockFor(trx, 'tenant', tenantId);
    return onCode(trx, received);
  });
  if (queued.kind === 'limited') return { kind: 'limited' as const };
  wakeWorker();
  await test.portal.services.connections.waitForCheck(tenantId, queued.requestId, 10_000);
  return { kind: 'checked' as const, id, code, verifier };
}

async function someMemberOf(test: TestPortal, tenantId: string): Promise<string> {
  const [id] = (await test.db('memberships').where({ tenant_id: tenantId }).pluck('person_id')) as string[];
  if (id === undefined) throw new Error('the tenant has no member');
  return id;
}

/** Moves the clock, and waits until the clinic has been checked. */
export async function passUntilChecked(test: TestPortal, milliseconds: number, tenantId: string): Promise<void> {
  const checks = async () =>
    Number((await test.db('checks').where({ tenant_id: tenantId }).count({ count: '*' }))[0]?.count);
  const before = await checks();
  test.clock.advance(milliseconds);
  test.portal.look();
  await eventually('a check', async () => (await checks()) > before);
}
