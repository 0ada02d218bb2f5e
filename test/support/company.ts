/** The configuration of a portal whose staff sign in with accounts of their company, which no one calls. Synthetic. */
export const companySignIn = {
  OIDC_ISSUER: 'http://127.0.0.1:9',
  OIDC_CLIENT_ID: 'EXAMPLEcompanyclient',
  OIDC_CLIENT_SECRET: 'EXAMPLEcompanysecretEXAMPLEcompanysecret',
  OIDC_MFA_VALUES: 'mfa',
};
