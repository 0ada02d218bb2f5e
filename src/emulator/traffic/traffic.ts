import type { CallName } from './calls.js';

export type LoggedRequest = {
  /** ISO 8601 UTC */
  at: string;
  arrivedAt: number;
  method: string;
  /** with the query; an access token in it is masked */
  path: string;
  /** the name from calls.ts; undefined for any other path */
  call: CallName | undefined;
  /** 0 until the request is answered */
  status: number;
  durationMs: number;
  requestId: string;
  clientId?: string;
  grantType?: string;
  sessionId?: string;
  /** the user the token acts for; also set when a fault answered before the token was checked */
  extensionId?: string;
  errorCode?: string;
  /** never the assertion itself */
  assertionSha256?: string;
  violation?: 'over_budget' | 'in_penalty';
};

/** A call that counts toward the Auth group (mint, refresh or revoke), recorded on arrival. */
export type TokenCall = {
  arrivedAt: number;
  kind: 'token' | 'revoke';
  clientId: string | null;
  grantType: string | null;
  assertionSha256: string | null;
  violation: 'over_budget' | 'in_penalty' | null;
};

const kept = 20_000;

/** Every request received, for tests to inspect. Holds no secret, no assertion and no access token. */
export class Traffic {
  readonly requests: LoggedRequest[] = [];
  readonly tokenCalls: TokenCall[] = [];
  /** Token calls that RingCentral would hold against the app: over the limit, or inside a penalty. */
  readonly violations: TokenCall[] = [];

  note(request: LoggedRequest): void {
    this.requests.push(request);
    if (this.requests.length > kept * 2) this.requests.splice(0, kept);
  }

  noteTokenCall(call: TokenCall): void {
    this.tokenCalls.push(call);
    if (call.violation !== null) this.violations.push(call);
  }

  clear(): void {
    this.requests.length = 0;
    this.tokenCalls.length = 0;
    this.violations.length = 0;
  }
}
