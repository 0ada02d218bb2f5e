import type { AuthorizationCodes } from './world/authorization-codes.js';
import type { Faults } from './traffic/faults.js';
import type { JwtSigner } from './world/jwt-credentials.js';
import type { Answers } from './world/oauth-answers.js';
import type { RateLimits } from './traffic/rate-limits.js';
import type { Sessions } from './world/sessions.js';
import type { Traffic } from './traffic/traffic.js';
import type { World } from './world/world.js';
import type { Environment } from './world/world-types.js';

/** Whether a user who is not Enabled is refused, or goes on as before. */
export const inactiveOwnersAre = ['refused', 'served'] as const;
export type InactiveOwners = (typeof inactiveOwnersAre)[number];

export type AuthScope = 'app' | 'account' | 'user';

/** What the parts of the emulator share; made once in emulator.ts. */
export type Core = {
  world: World;
  sessions: Sessions;
  codes: AuthorizationCodes;
  signer: JwtSigner;
  limits: RateLimits;
  faults: Faults;
  traffic: Traffic;
  answers: Answers;
  now: () => Date;
  advance: (seconds: number) => void;
  newId: () => string;
  /** what may be changed while it runs */
  settings: {
    environment: Environment;
    authScope: AuthScope;
    /** added to every token and API call, after its arrival was counted */
    delayMs: number;
    /** [?] in ringcentral.md §11.6: whether revoking a JWT ends its live sessions */
    revokingJwtEndsSessions: boolean;
    /** [I]: an owner or account that is switched off loses its sessions */
    disablingEndsSessions: boolean;
    /** [?] in ringcentral.md §11.5: what the JWT grant says of an owner who is not Enabled; `served`: it goes on */
    inactiveOwners: InactiveOwners;
  };
};
