import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { createEmulator } from '../../../src/emulator/emulator.js';
import { migrate, openDatabase } from '../../../src/platform/database/database.js';
import { Secret } from '../../../src/platform/secret.js';
import { startScript, type RunningProcess } from '../../support/processes/processes.js';
import { seededRandom } from '../../support/strict-limiter.js';
import { aSessionKeeper, SIGN_IN_APP } from '../watch/session-parts.js';
import { addSignIn, newId } from './rotation-parts.js';
import type { RotationProcessSettings } from './rotation-process.js';

export type RotationKillOptions = { kills: number; seed: number; databaseUrl?: string | undefined };
export type RotationKilled = { rotations: number; problems: string[] };

const CLINICS = 6;
const REDIRECT_URI = 'https://isv.example/callback';
/** Beyond every claim, and within the grace period. */
const CLAIM_MS = 3 * 60_000;
const LATEST_MS = 150;

/**
 * Two processes rotate the refresh tokens of the same clinics, and use each access token at once. They are killed with
 * SIGKILL, and two others go on three minutes later. No refresh token may be lost.
 */
export async function runRotationKills({ kills, seed, databaseUrl }: RotationKillOptions): Promise<RotationKilled> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-rotation-kills-'));
  const url = databaseUrl ?? `sqlite:${join(folder, 'latchkey.db')}`;
  const db = openDatabase(url);
  let aheadMs = 0;
  const now = () => new Date(Date.now() + aheadMs);
  const emulator = createEmulator({ now, limits: 'generous' });
  try {
    await migrate(db);
    const ringCentralUrl = await emulator.listen();
    const person = { id: 'alice', email: 'alice@clinic.example', name: 'Alice', created_at: now().toISOString() };
    await db('people').insert(person);
    const { clientSecret, tenantIds } = await signInAll();
    const random = seededRandom(seed);
    const settings = (): RotationProcessSettings => ({
      databaseUrl: url,
      ringCentralUrl,
      clientSecret,
      tenantIds,
      aheadMs,
    });
    const lines: string[] = [];
    for (let kill = 0; kill <= kills; kill += 1) {
      const isLast = kill === kills;
      const processes = [start(settings()), start(settings())];
      await Promise.all(processes.map((one) => one.line(/^(rotated|lost)/, { timeoutMs: 60_000 })));
      await pass(isLast ? 2000 : random() * LATEST_MS);
      for (const one of processes) await one.kill9();
      lines.push(...processes.flatMap((one) => one.lines.stdout));
      for (const { lines: told } of processes) if (told.stderr.length > 0) lines.push(`lost: ${told.stderr.join(' ')}`);
      aheadMs += CLAIM_MS;
    }
    const problems = [...new Set(lines.filter((line) => line.startsWith('lost')))];
    return { rotations: lines.filter((line) => line.startsWith('rotated')).length, problems };
  } finally {
    await emulator.close();
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  }

  async function signInAll() {
    const isv = emulator.addAccount({ companyName: 'Example ISV' });
    const app = emulator.addApp({ ownerAccountId: isv.id, clientId: SIGN_IN_APP });
    const grants = ['authorization_code' as const];
    emulator.updateApp(SIGN_IN_APP, { grants, issueRefreshTokens: true, redirectUris: [REDIRECT_URI] });
    const clientSecret = app.secret ?? '';
    const authorization = `Basic ${Buffer.from(`${SIGN_IN_APP}:${clientSecret}`).toString('base64')}`;
    const keeper = aSessionKeeper(db, { now, newId }, { mint: notAsked, revoke: notAsked });
    const tenantIds: string[] = [];
    for (let index = 1; index <= CLINICS; index += 1) {
      const clinic = emulator.addAccount({ companyName: `Clinic ${index}` });
      const { id: extensionId } = emulator.addExtension({ accountId: clinic.id, role: 'super_admin' });
      const code = emulator.authorize({ clientId: SIGN_IN_APP, extensionId, redirectUri: REDIRECT_URI });
      const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI });
      const answer = await fetch(`${emulator.url}/restapi/oauth/token`, {
        method: 'POST',
        headers: { authorization },
        body,
      });
      const { access_token: access, refresh_token: refresh } = (await answer.json()) as Record<string, string>;
      const tenantId = `clinic-${index}`;
      await addSignIn(db, keeper, tenantId, {
        accessToken: new Secret(access ?? ''),
        refreshToken: new Secret(refresh ?? ''),
        expiresInSeconds: 3600,
        refreshExpiresInSeconds: 604_800,
        scopes: [],
        ownerId: extensionId,
        session: { idleSeconds: null, endsInSeconds: null },
        askedAt: now(),
      });
      tenantIds.push(tenantId);
    }
    return { clientSecret, tenantIds };
  }
}

const notAsked = () => Promise.reject(new Error('RingCentral is not asked here'));
const start = (settings: RotationProcessSettings): RunningProcess =>
  startScript('test/drill/rotation/rotation-process.ts', { args: [JSON.stringify(settings)] });
