import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { createEmulator } from '../../../src/emulator/emulator.js';
import { migrate, openDatabase } from '../../../src/platform/database/database.js';
import { Secret } from '../../../src/platform/secret.js';
import { startProcess, type RunningProcess } from '../../support/processes/processes.js';
import { seededRandom } from '../../support/strict-limiter.js';
import { compileCopy, sourcesAndTests, type Patch } from '../source-copy.js';
import { aSessionKeeper, SIGN_IN_APP } from '../watch/session-parts.js';
import { addSignIn, newId } from './rotation-parts.js';
import type { RotationProcessSettings } from './rotation-process.js';

export type RotationKillOptions = {
  kills: number;
  seed: number;
  databaseUrl?: string | undefined;
  /** Defects that the drill must detect. */
  patches?: readonly Patch[];
};
export type RotationKilled = {
  rotations: number;
  /** The rotations that a kill cut short: they were begun, and their answer was not stored. */
  cutShort: number;
  /** The sign-ins that RingCentral refused after a kill, because the grace period had passed. */
  lost: number;
  problems: string[];
};

const CLINICS = 6;
const REDIRECT_URI = 'https://isv.example/callback';
/** Beyond every claim, and within the grace period. */
const CLAIM_MS = 3 * 60_000;
/** Beyond the grace period. */
const TOO_LATE_MS = 61 * 60_000;
/** So often the time until others go on is beyond the grace period. */
const TOO_LATE_EVERY = 4;
const LATEST_MS = 150;

/**
 * Two processes rotate the refresh tokens of the same clinics, and use each access token at once. They are killed with
 * SIGKILL, and two others go on three minutes later: no refresh token may be lost. After every fourth kill they go on
 * when the grace period has passed: then only sign-ins whose rotation was cut short may be lost, and each is refused as
 * one that needs a new sign-in.
 */
export async function runRotationKills(options: RotationKillOptions): Promise<RotationKilled> {
  const { kills, seed, databaseUrl, patches = [] } = options;
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-rotation-kills-'));
  compileCopy(folder, patches, sourcesAndTests);
  const url = databaseUrl ?? `sqlite:${join(folder, 'latchkey.db')}`;
  const db = openDatabase(url);
  let aheadMs = 0;
  const now = () => new Date(Date.now() + aheadMs);
  const emulator = createEmulator({ now, limits: 'generous' });
  const keeper = aSessionKeeper(db, { now, newId }, { mint: notAsked, revoke: notAsked });
  try {
    await migrate(db);
    const ringCentralUrl = await emulator.listen();
    const person = { id: 'alice', email: 'alice@clinic.example', name: 'Alice', created_at: now().toISOString() };
    await db('people').insert(person);
    const { clientSecret, signIn } = aSignInApp();
    let tenantIds: string[] = [];
    for (let index = 1; index <= CLINICS; index += 1) tenantIds.push(await signIn());
    const random = seededRandom(seed);
    const start = (): RunningProcess => {
      const settings: RotationProcessSettings = { databaseUrl: url, ringCentralUrl, clientSecret, tenantIds, aheadMs };
      const script = join(folder, 'test/drill/rotation/rotation-process.js');
      return startProcess(process.execPath, [script, JSON.stringify(settings)]);
    };
    const result = { rotations: 0, cutShort: 0, lost: 0 };
    const problems = new Set<string>();
    /** Their rotation was cut short, and the grace period has passed since. */
    const mayBeLost = new Set<string>();
    for (let kill = 0; kill <= kills; kill += 1) {
      const isLast = kill === kills;
      const processes = [start(), start()];
      await Promise.all(processes.map((one) => one.line(/^(rotated|lost)/, { timeoutMs: 60_000 })));
      await pass(isLast ? 2000 : random() * LATEST_MS);
      for (const one of processes) await one.kill9();
      for (const { lines } of processes) if (lines.stderr.length > 0) problems.add(lines.stderr.join(' '));
      const lost = new Set<string>();
      for (const line of processes.flatMap(({ lines }) => lines.stdout)) {
        const [what, tenantId = '', cause] = line.split(' ');
        if (what === 'rotated') {
          result.rotations += 1;
          mayBeLost.delete(tenantId);
        }
        if (what !== 'lost') continue;
        lost.add(tenantId);
        if (!mayBeLost.has(tenantId)) problems.add('a sign-in was lost that could be recovered');
        if (cause !== 'sign_in_again') problems.add(`a lost sign-in was refused as ${String(cause)}`);
      }
      // A person signs in again.
      result.lost += lost.size;
      tenantIds = tenantIds.filter((tenantId) => !lost.has(tenantId));
      while (tenantIds.length < CLINICS) tenantIds.push(await signIn());
      const open = await db('refresh_tokens')
        .whereNotNull('attempt_id')
        .select<{ tenant_id: string; attempted_at: string | null }[]>('tenant_id', 'attempted_at');
      if (open.some(({ attempted_at: at }) => at === null)) problems.add('a rotation was begun without its attempt');
      const cut = open.map(({ tenant_id: id }) => id).filter((tenantId) => tenantIds.includes(tenantId));
      result.cutShort += cut.length;
      const isTooLate = kill % TOO_LATE_EVERY === TOO_LATE_EVERY - 1;
      if (isTooLate) for (const tenantId of cut) mayBeLost.add(tenantId);
      aheadMs += isTooLate ? TOO_LATE_MS : CLAIM_MS;
    }
    return { ...result, problems: [...problems] };
  } finally {
    await emulator.close();
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  }

  /** The app of the ISV, and a way to connect another clinic by signing in with it. */
  function aSignInApp() {
    const isv = emulator.addAccount({ companyName: 'Example ISV' });
    const app = emulator.addApp({ ownerAccountId: isv.id, clientId: SIGN_IN_APP });
    const grants = ['authorization_code' as const];
    emulator.updateApp(SIGN_IN_APP, { grants, issueRefreshTokens: true, redirectUris: [REDIRECT_URI] });
    const clientSecret = app.secret ?? '';
    const authorization = `Basic ${Buffer.from(`${SIGN_IN_APP}:${clientSecret}`).toString('base64')}`;
    let clinics = 0;
    async function signIn(): Promise<string> {
      clinics += 1;
      const clinic = emulator.addAccount({ companyName: `Clinic ${clinics}` });
      const { id: extensionId } = emulator.addExtension({ accountId: clinic.id, role: 'super_admin' });
      const code = emulator.authorize({ clientId: SIGN_IN_APP, extensionId, redirectUri: REDIRECT_URI });
      const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI });
      const answer = await fetch(`${emulator.url}/restapi/oauth/token`, {
        method: 'POST',
        headers: { authorization },
        body,
      });
      const { access_token: access, refresh_token: refresh } = (await answer.json()) as Record<string, string>;
      const tenantId = `clinic-${clinics}`;
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
      return tenantId;
    }
    return { clientSecret, signIn };
  }
}

const notAsked = () => Promise.reject(new Error('RingCentral is not asked here'));
