import type { PersonRequester } from '../audit/audit-events.js';

/** The addresses of the pages that lead a clinic to its connection, for members or for visitors. */
export type JourneyPaths = {
  guide: string;
  makeJwt: string;
  /** The page with the paste box. */
  paste: string;
  /** Where the paste is posted to. */
  submissions: string;
  result: string;
  /** Where "check again" is posted to. */
  checks: string;
  /** Where members create hand-off links; undefined for visitors. */
  handOffs?: string;
  /** Uses and changes, for members; undefined for visitors. */
  activity?: string;
};

/** The person on the journey, as the guard in front determined. */
export type Journey = { by: PersonRequester; paths: JourneyPaths };

declare global {
  namespace Express {
    interface Locals {
      /** Set together with `tenant`. */
      journey?: Journey;
    }
  }
}

/** Where members sign in to RingCentral instead of making a JWT. A visitor may not: the sign-in would be theirs. */
export const signInPathOf = (tenantId: string): string => `/tenants/${tenantId}/guide/sign-in`;

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
    activity: `${tenant}/activity`,
  };
};
