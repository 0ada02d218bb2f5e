import { Sessions, type Opening, type Session } from '../../../src/emulator/world/sessions.js';
import { noLimits, type SessionRules } from '../../../src/emulator/world/session-rules.js';
import type { App, Extension } from '../../../src/emulator/world/world-types.js';
import { transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { lockFor } from '../../../src/platform/database/lock.js';
import type { Opener, Sealer } from '../../../src/platform/sealing/sealing.js';
import { Secret } from '../../../src/platform/secret.js';
import type {
  AccessToken,
  Inconclusive,
  Outcome,
  Refused,
  SignInTokens,
} from '../../../src/ringcentral/catalogue/outcome.js';
import type { RefreshRequest, RevokeRequest } from '../../../src/ringcentral/clients/ringcentral-types.js';
import type { MintAnswer } from '../../../src/tokens/token-types.js';
import { addCredentialRow, addTenantRow } from '../../support/credential-rows.js';
import { aSessionKeeper, SIGN_IN_APP } from '../watch/session-parts.js';

export const OWNER = '901';
const SCOPES = ['ReadAccounts', 'ReadMessages'];

export const unreachable: Inconclusive = {
  kind: 'inconclusive',
  cause: 'unreachable',
  codes: [],
  status: null,
  requestId: null,
  retryAfterMs: null,
};
const refused = (code: string): Refused => ({
  kind: 'refused',
  cause: 'sign_in_again',
  codes: [code],
  status: 400,
  requestId: null,
});
const codes = {
  unknown: 'OAU-213',
  reused: 'OAU-213',
  expired: 'OAU-210',
  revoked: 'OAU-211',
  limit_reached: 'OAU-210',
};

/** Called before RingCentral receives a call, and before its answer is received. */
export type AtCall = (when: 'sent' | 'answered', refreshToken: string) => Promise<unknown>;

/** The sessions of RingCentral's emulator without its network, and the calls that it got. */
export class SignInRingCentral {
  readonly sessions: Sessions;
  readonly calls: string[] = [];
  onTheWire = 0;
  mostOnTheWire = 0;
  /** What the next refresh is answered, after RingCentral did it. */
  next: 'answered' | 'lost' | Refused['cause'] | 'rate_limited' = 'answered';
  isDown = false;
  /** Changes the next answer. */
  change: (tokens: SignInTokens) => SignInTokens = (tokens) => tokens;
  private ids = 0;

  constructor(private readonly now: () => Date) {
    this.sessions = new Sessions(() => `of-ringcentral-${(this.ids += 1)}`);
  }

  setRules(rules: Partial<SessionRules>): void {
    this.sessions.rules = { ...this.sessions.rules, ...rules };
  }

  signIn(ownerId = OWNER, limits = noLimits): SignInTokens & { refreshToken: Secret } {
    const session = this.open(ownerId, { isSignIn: true, limits }, 604_800);
    return { ...this.tokensOf(session), refreshToken: new Secret(session.refreshToken ?? '') };
  }

  /** Both methods use the same app, so their sessions compete. */
  private open(ownerId: string, opening: Opening, refreshTtlSeconds: number): Session {
    const app = { clientId: SIGN_IN_APP, issueRefreshTokens: true } as App;
    const parameters = { scopes: SCOPES, endpointId: undefined, accessTtlSeconds: 3600, refreshTtlSeconds };
    return this.sessions.open(app, { id: ownerId } as Extension, parameters, this.now().getTime(), opening);
  }

  /** The status of an API call with this token, which uses the token. */
  use = (accessToken: Secret | string): 200 | 401 => {
    const token = typeof accessToken === 'string' ? accessToken : accessToken.reveal();
    return this.sessions.checkAccess(token, this.now().getTime()).kind === 'live' ? 200 : 401;
  };

  /** Whether RingCentral accepts the token. The token stays unused. */
  accepts(accessToken: string): boolean {
    const session = this.sessions.all().find((one) => one.accessToken === accessToken);
    return session !== undefined && session.accessExpiresAt > this.now().getTime();
  }

  /** The client of one process. */
  client(atCall: AtCall = () => Promise.resolve()) {
    return {
      mint: (): Promise<Outcome<AccessToken>> => {
        this.calls.push('mint');
        const session = this.open(OWNER, { isSignIn: false, limits: noLimits }, 0);
        return Promise.resolve({ kind: 'accepted', value: this.tokensOf(session), requestId: null });
      },
      refresh: async ({ refreshToken, onSend }: RefreshRequest): Promise<Outcome<SignInTokens>> => {
        const sent = refreshToken.reveal();
        try {
          onSend?.();
        } catch {
          return unreachable;
        }
        this.onTheWire += 1;
        this.mostOnTheWire = Math.max(this.mostOnTheWire, this.onTheWire);
        try {
          await atCall('sent', sent);
          const answer = this.refresh(sent);
          await atCall('answered', sent);
          return answer;
        } finally {
          this.onTheWire -= 1;
        }
      },
      revoke: ({ token }: RevokeRequest): Promise<Outcome<null>> => {
        this.calls.push('revoke');
        const session = this.sessions.find(token.reveal());
        if (session) this.sessions.revoke(session);
        return Promise.resolve({ kind: 'accepted', value: null, requestId: null });
      },
      /** For planted defects that use a token. */
      identity: ({ accessToken }: { accessToken: Secret }) => Promise.resolve(this.use(accessToken)),
    };
  }

  private refresh(refreshToken: string): Outcome<SignInTokens> {
    this.calls.push('refresh');
    const { next } = this;
    this.next = 'answered';
    if (this.isDown) return unreachable;
    if (next === 'rate_limited') return { ...unreachable, cause: 'rate_limited', status: 429 };
    if (next !== 'answered' && next !== 'lost') return { ...refused('OAU-146'), cause: next };
    const found = this.sessions.checkRefresh(refreshToken, this.now().getTime());
    if (found.kind === 'reused') this.sessions.endReused(found.session);
    if (found.kind !== 'live') return refused(codes[found.kind]);
    if (found.again) this.sessions.answerAgain(found.session, this.now().getTime());
    else this.sessions.refresh(found.session, {}, this.now().getTime());
    if (next === 'lost') return { ...unreachable, cause: 'ringcentral_unavailable', status: 500 };
    const { change } = this;
    this.change = (tokens) => tokens;
    return { kind: 'accepted', value: change(this.tokensOf(found.session)), requestId: null };
  }

  private tokensOf(session: Session): SignInTokens {
    const left = (until: number) => Math.floor((until - this.now().getTime()) / 1000);
    const { idleSeconds, absoluteSeconds } = session.limits;
    return {
      accessToken: new Secret(session.accessToken),
      expiresInSeconds: left(session.accessExpiresAt),
      scopes: session.scopes,
      ownerId: session.extensionId,
      refreshToken: session.showsRefresh && session.refreshToken !== null ? new Secret(session.refreshToken) : null,
      refreshExpiresInSeconds: session.showsRefresh ? left(session.refreshExpiresAt) : null,
      session: {
        idleSeconds,
        endsInSeconds: absoluteSeconds === null ? null : left(session.startedAt + absoluteSeconds * 1000),
      },
    };
  }
}

let ids = 0;
export const newId = (): string => `id-${String((ids += 1)).padStart(6, '0')}`;

export type Keeper = ReturnType<typeof aSessionKeeper>;

/** The sessions of one process. */
export const aKeeper = (db: Knex, now: () => Date, ringcentral: SignInRingCentral, atCall?: AtCall): Keeper =>
  aKeeperOf(db, now, ringcentral.client(atCall));
export const aKeeperOf = (
  db: Knex,
  now: () => Date,
  client: ReturnType<SignInRingCentral['client']>,
  sealing?: Sealer & Opener,
): Keeper => aSessionKeeper(db, { now, newId }, client, sealing && { sealing });

/** A clinic that a person connected by signing in. Its credential has the same id. */
export async function addSignIn(db: Knex, keeper: Keeper, tenantId: string, tokens: SignIn): Promise<void> {
  const { askedAt, ...of } = tokens;
  await addTenantRow(db, tenantId);
  await addCredentialRow(db, tenantId, tenantId, 'active');
  const { write } = await keeper.signedIn({ ...idsOf(tenantId), clientId: SIGN_IN_APP, tokens: of, askedAt });
  await transactionOn(db)(async (trx) => {
    await lockFor(trx, 'tenant', tenantId);
    await write(trx);
  });
}
type SignIn = SignInTokens & { refreshToken: Secret; askedAt: Date };

const idsOf = (tenantId: string) => ({ tenantId, credentialId: tenantId, environment: 'production' as const });

/** A job asks, or a check. */
export const ask = (keeper: Keeper, tenantId: string, lane: 'broker' | 'background' = 'broker'): Promise<MintAnswer> =>
  keeper.mint(askOf(tenantId, lane));

export const askOf = (tenantId: string, lane: 'broker' | 'background' = 'broker') => ({
  ...idsOf(tenantId),
  lane,
  maxWaitMs: lane === 'broker' ? 15_000 : 0,
  assertion: null,
  pinnedOwnerId: null,
});

/** Gives the newest kept token to a job. @returns its text; null if no token may be given */
export async function issue(keeper: Keeper, tenantId: string): Promise<string | null> {
  const [kept] = await keeper.kept(tenantId, tenantId);
  if (!kept || !(await keeper.issue(tenantId, kept))) return null;
  return (await keeper.openKept(tenantId, kept))?.accessToken.reveal() ?? null;
}
