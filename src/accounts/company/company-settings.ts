import type { Config } from '../../config.js';
import type { IssuerSettings } from './company-issuer.js';
import type { CompanyRules } from './company-sign-in-service.js';

/** The part of the configuration that is about the company's sign-in server. */
export type CompanyConfig = Pick<
  Config,
  'OIDC_ISSUER' | 'OIDC_CLIENT_ID' | 'OIDC_CLIENT_SECRET' | 'OIDC_ROLE_CLAIM' | 'OIDC_MFA_VALUES'
>;

/** The company's sign-in server, and what its claims mean here; null if staff sign in with passwords. */
export function companyOf(config: Partial<CompanyConfig>): { settings: IssuerSettings; rules: CompanyRules } | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = config;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return null;
  const rules = { roleClaim: config.OIDC_ROLE_CLAIM, secondFactorValues: config.OIDC_MFA_VALUES ?? [] };
  return { settings: { issuer, clientId, clientSecret }, rules };
}
