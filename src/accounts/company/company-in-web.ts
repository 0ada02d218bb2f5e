import type { DoctorCheck, Mount } from '../../app/capability.js';
import type { Runtime } from '../../app/foundation.js';
import type { Config } from '../../config.js';
import { smallFetch } from '../../platform/outbound/small-fetch.js';
import type { KeyRing } from '../../platform/sealing/sealing.js';
import { version } from '../../platform/version.js';
import type { ServiceBase } from '../people/account-types.js';
import { personStore } from '../people/person-store.js';
import { linkCompanyAccount } from './company-accounts.js';
import { companyIssuer } from './company-issuer.js';
import { companyRoutes, linkRoutes } from './company-routes.js';
import { companyOf, type CompanyConfig } from './company-settings.js';
import { companySignInService } from './company-sign-in-service.js';

type Foundation = {
  config: Pick<Config, 'PUBLIC_URL'> & Partial<CompanyConfig>;
  runtime: Pick<Runtime, 'db' | 'world' | 'log'>;
};

/** The company's server as this process calls it; null if none is configured. */
function issuerOf({ config, runtime }: Foundation) {
  const configured = companyOf(config);
  if (!configured) return null;
  const issuer = companyIssuer({
    settings: configured.settings,
    callbackUrl: new URL('/sign-in/company/callback', config.PUBLIC_URL).href,
    world: runtime.world,
    fetch: smallFetch(`Latchkey/${version}`),
  });
  return { issuer, rules: configured.rules };
}

/** Sign-in of staff with accounts of their company; no mounts if none is configured. */
export function companyMounts(
  foundation: Foundation,
  base: ServiceBase & Parameters<typeof linkCompanyAccount>[0],
  { sealing, ...deps }: { sealing: KeyRing } & Omit<Parameters<typeof companyRoutes>[0], 'company' | 'world'>,
): Mount[] {
  const configured = issuerOf(foundation);
  if (!configured) return [];
  const company = companySignInService({
    ...base,
    ...configured,
    log: foundation.runtime.log,
    sealing,
    link: linkCompanyAccount(base),
  });
  const { world } = base;
  return [
    { path: '/sign-in/company', access: 'public', router: companyRoutes({ ...deps, world, company }) },
    { path: '/account/company', access: 'staff', router: linkRoutes({ world, company }) },
  ];
}

/** Whether the company's server answers, and who signs in past it. */
export function companyChecks(foundation: Foundation): DoctorCheck[] {
  const configured = issuerOf(foundation);
  if (!configured) return [];
  const { issuer } = configured;
  const local = async () => {
    const staff = await personStore(foundation.runtime.db).staffMembers();
    return staff.filter(({ hasPassword, disabled }) => hasPassword && !disabled).length;
  };
  return [
    {
      subject: 'OIDC_ISSUER',
      advice: issuer.problem,
      detail: async () => `${issuer.host}; staff who sign in with a password: ${await local()}`,
    },
  ];
}
