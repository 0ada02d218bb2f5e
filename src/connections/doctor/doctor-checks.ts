import type { DoctorCheck, SecretsRole } from '../../app/capability.js';
import type { Foundation } from '../../app/foundation.js';
import { appCheck, signInSettings } from '../checks/app-check.js';
import { controlChecks } from './control-check.js';

/** What `latchkey doctor` asks RingCentral. A process without the client secret can prove none of it. */
export function doctorChecks({ config, isv, runtime }: Foundation, secrets: SecretsRole | null): DoctorCheck[] {
  if (!secrets) {
    const unproved = 'this process holds no client secret: run doctor where the role worker runs';
    return [{ subject: 'RingCentral app', advice: () => Promise.resolve({ unproved }) }];
  }
  const { mint } = secrets.ringcentral;
  const production = appCheck(secrets.ringcentral, {
    environment: 'production',
    app: 'jwt',
    serverUrl: config.RINGCENTRAL_SERVER_URL,
    settings: {
      clientId: 'RINGCENTRAL_CLIENT_ID',
      clientSecret: 'RINGCENTRAL_CLIENT_SECRET',
      serverUrl: 'RINGCENTRAL_SERVER_URL',
    },
    hasPreviousSecret: config.RINGCENTRAL_CLIENT_SECRET_PREVIOUS !== undefined,
  });
  const { biz } = config.RINGCENTRAL_ENVIRONMENTS_FILE ?? {};
  const inFile = (name: string) => `${name} in RINGCENTRAL_ENVIRONMENTS_FILE`;
  const ofBiz = biz && {
    environment: 'biz' as const,
    app: 'jwt' as const,
    serverUrl: biz.serverUrl,
    settings: {
      clientId: inFile('clientId'),
      clientSecret: inFile('clientSecretFile'),
      serverUrl: inFile('serverUrl'),
    },
    hasPreviousSecret: false,
  };
  const isSameApp = config.RINGCENTRAL_CODE_CLIENT_ID === config.RINGCENTRAL_CLIENT_ID;
  const signIn = isv.signInAppFor('production') && {
    environment: 'production' as const,
    app: 'sign_in' as const,
    serverUrl: config.RINGCENTRAL_SERVER_URL,
    settings: {
      clientId: 'RINGCENTRAL_CODE_CLIENT_ID',
      clientSecret: isSameApp ? 'RINGCENTRAL_CLIENT_SECRET' : 'RINGCENTRAL_CODE_CLIENT_SECRET',
      serverUrl: 'RINGCENTRAL_SERVER_URL',
    },
    hasPreviousSecret: isSameApp
      ? config.RINGCENTRAL_CLIENT_SECRET_PREVIOUS !== undefined
      : config.RINGCENTRAL_CODE_CLIENT_SECRET_PREVIOUS !== undefined,
  };
  const signInOfBiz = ofBiz &&
    isv.signInAppFor('biz') && {
      ...ofBiz,
      app: 'sign_in' as const,
      settings: {
        ...ofBiz.settings,
        clientId: inFile('codeClientId'),
        clientSecret: inFile(biz.codeClientSecretFile === undefined ? 'clientSecretFile' : 'codeClientSecretFile'),
      },
    };
  let asked: ReturnType<DoctorCheck['advice']> | undefined;
  const advice = () => (asked ??= production.advice());
  return [
    { ...production, advice },
    ...[ofBiz, signIn, signInOfBiz].flatMap((app) => (app ? [appCheck(secrets.ringcentral, app)] : [])),
    ...[signIn, signInOfBiz].flatMap((app) => (app ? [signInSettings(app.environment, isv.callbackUrl)] : [])),
    ...controlChecks({
      mint,
      world: runtime.world,
      clientId: isv.clientIdFor('production'),
      controlJwt: config.RINGCENTRAL_CONTROL_JWT ?? null,
      requiredScopes: config.RINGCENTRAL_REQUIRED_SCOPES,
      isAppProved: async () => (await advice()) === null,
    }),
  ];
}
