/** The configuration of a portal whose ISV has an app with which people sign in. Synthetic. */
export const signInApp = {
  RINGCENTRAL_CODE_CLIENT_ID: 'EXAMPLEsigninapp_00001',
  RINGCENTRAL_CODE_CLIENT_SECRET: 'EXAMPLEsigninsecretEXAMPLEsigninsecret000000',
};
