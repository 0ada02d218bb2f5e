import type { Requester } from '../audit/audit-events.js';

/** Where the pages of a clinic's way to a connection are, for whoever walks it. */
export type JourneyPaths = {
  guide: string;
  makeJwt: string;
  /** The page with the box. */
  paste: string;
  /** What the box is sent to. */
  submissions: string;
  result: string;
  /** What "check again" is sent to. */
  checks: string;
  /** Where members hand the step in RingCentral's console on; nobody else does. */
  handOffs?: string;
};

/** Who walks it, as the guard in front has found out. */
export type Journey = { by: Requester; paths: JourneyPaths };

declare global {
  namespace Express {
    interface Locals {
      /** Set together with `tenant`. */
      journey?: Journey;
    }
  }
}

export const memberPaths = (tenantId: string): Required<JourneyPaths> => {
  const tenant = `/tenants/${tenantId}`;
  return {
    guide: `${tenant}/guide`,
    makeJwt: `${tenant}/guide/jwt`,
    paste: `${tenant}/credentials/new`,
    submissions: `${tenant}/credentials`,
    result: `${tenant}/connection`,
    checks: `${tenant}/connection/checks`,
    handOffs: `${tenant}/hand-offs`,
  };
};
