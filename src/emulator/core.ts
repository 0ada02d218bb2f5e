import type { AuthorizationCodes } from './world/authorization-codes.js';
import type { CompanySignIns, PendingSignIn } from './world/company-sign-ins.js';
import type { Faults } from './traffic/faults.js';
import type { JwtSigner } from './world/jwt-credentials.js';
import type { Answers } from './world/oauth-answers.js';
import type { RateLimits } from './traffic/rate-limits.js';
import type { Sessions } from './world/sessions.js';
import type { Traffic } from './traffic/traffic.js';
import type { World } from './world/world.js';
import type { Environment } from './world/world-types.js';

/** Whether RingCentral refuses a user who is not Enabled or keeps serving them. */
export const inactiveOwnersAre = ['refused', 'served'] as const;
export type InactiveOwners = (typeof inactiveOwnersAre)[number];

/** Whether `prompt=login` still lets the users of a company with single sign-on use it. */
export const loginPrompts = ['with_sso', 'password_only'] as const;
export type LoginPrompt = (typeof loginPrompts)[number];

export type AuthScope = 'app' | 'account' | 'user';

/** State shared by the parts of the emulator; created once in emulator.ts. */
export type Core = {
  world: World;
  sessions: Sessions;
  codes: AuthorizationCodes;
  /** sign-ins on their way to a company's own server and back */
  signIns: CompanySignIns<PendingSignIn & { parameters: Record<string, string>; extensionId: string }>;
  signer: JwtSigner;
  limits: RateLimits;
  faults: Faults;
  traffic: Traffic;
  answers: Answers;
  now: () => Date;
  advance: (seconds: number) => void;
  newId: () => string;
  /** settings that can change at run time */
  settings: {
    environment: Environment;
    authScope: AuthScope;
    /** added to every token and API call, after its arrival has been counted */
    delayMs: number;
    /** whether revoking a JWT ends its live sessions; RingCentral's behavior is unknown */
    revokingJwtEndsSessions: boolean;
    /** whether disabling an owner or account ends its sessions (assumed) */
    disablingEndsSessions: boolean;
    /** how the JWT grant treats an owner who is not Enabled; RingCentral's behavior is unknown */
    inactiveOwners: InactiveOwners;
    loginPrompt: LoginPrompt;
    /** where the companies' sign-in server listens; null until `listenSso` */
    ssoPort: number | null;
    /** called before a page of a message list is answered, so that a test can change the mailbox between two pages */
    beforePage: ((extensionId: string, page: number) => void) | null;
  };
};
