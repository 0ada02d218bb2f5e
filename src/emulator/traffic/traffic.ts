import type { CallName } from './calls.js';

export type LoggedRequest = {
  /** ISO 8601 UTC */
  at: string;
  arrivedAt: number;
  method: string;
  /** with the query, an access token in it blacked out */
  path: string;
  /** by the names of calls.ts; undefined for what is none of them */
  call: CallName | undefined;
  /** 0 while it is not answered */
  status: number;
  durationMs: number;
  requestId: string;
  clientId?: string;
  grantType?: string;
  sessionId?: string;
  /** whom the token acts as; also where a fault answered before the token was looked at */
  extensionId?: string;
  errorCode?: string;
  /** never the assertion itself */
  assertionSha256?: string;
  violation?: 'over_budget' | 'in_penalty';
};

/** A call that counts against the Auth group: mint, refresh or revoke, noted when it arrives. */
export type TokenCall = {
  arrivedAt: number;
  kind: 'token' | 'revoke';
  clientId: string | null;
  grantType: string | null;
  assertionSha256: string | null;
  violation: 'over_budget' | 'in_penalty' | null;
};

const kept = 20_000;

/** Everything that came in, for tests to look at. Holds no secret, no assertion and no access token. */
export class Traffic {
  readonly requests: LoggedRequest[] = [];
  readonly tokenCalls: TokenCall[] = [];
  /** Token calls that RingCentral would hold against the app: over the budget, or inside a penalty. */
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
