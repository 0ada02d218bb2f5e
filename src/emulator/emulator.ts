import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes, type KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { accountRoutes } from './api/account-routes.js';
import { apiErrors, sendApiError } from './api/api-errors.js';
import { announceForced429 } from './api/api-guard.js';
import { arrivals } from './listening/arrivals.js';
import { AuthorizationCodes } from './world/authorization-codes.js';
import { authorizeRoutes } from './oauth/authorize-routes.js';
import { CompanySignIns } from './world/company-sign-ins.js';
import { companySsoApp } from './oauth/company-sso.js';
import { authzRoutes } from './api/authz-routes.js';
import { mountConsole } from './console/console-routes.js';
import { callOf } from './traffic/calls.js';
import { callLogRoutes } from './control/call-log-routes.js';
import { createControl, type Control } from './control.js';
import { controlRoutes } from './control/control-routes.js';
import type { AuthScope, Core } from './core.js';
import { mountControlPages } from './control/control-page-routes.js';
import { exactAnswers } from './traffic/exact-json.js';
import { Faults } from './traffic/faults.js';
import { hostGuard } from './listening/host-guard.js';
import { JwtSigner, processSigningKey } from './world/jwt-credentials.js';
import { messageRoutes } from './api/message-routes.js';
import { metadataRoutes } from './api/metadata-routes.js';
import { defaultAnswers } from './world/oauth-answers.js';
import { oauthRoutes } from './oauth/oauth-routes.js';
import { documentedLimits, generousLimits, RateLimits, type Limits } from './traffic/rate-limits.js';
import { listenSecurely, type SecureListener } from './listening/secure-listener.js';
import { Sessions } from './world/sessions.js';
import { Traffic } from './traffic/traffic.js';
import { World } from './world/world.js';
import type { Environment } from './world/world-types.js';

export type EmulatorOptions = {
  now?: () => Date;
  /** default: 22 characters of base64url, like RingCentral's own `jti` */
  newId?: () => string;
  /** an RSA-2048 private key; default: one per process. With it, `now` and `newId`, every answer is repeatable */
  signingKey?: KeyObject;
  /** the environment whose credentials the emulator accepts; default production */
  environment?: Environment;
  /** calls per window; default: the documented limits. `generous` is for demos and benchmarks */
  limits?: Partial<Limits> | 'generous';
  windowSeconds?: number;
  penaltySeconds?: number;
  authScope?: AuthScope;
  /** added to every RingCentral call */
  delayMs?: number;
  /** host names the emulator answers to, besides the names of this machine */
  allowedHosts?: string[];
  revokingJwtEndsSessions?: boolean;
  disablingEndsSessions?: boolean;
};

export type Emulator = Control & {
  app: Express;
  /** the origin, once the emulator listens; platform, media and console share it */
  readonly url: string;
  /** @returns the origin, without a trailing slash */
  listen(port?: number, host?: string): Promise<string>;
  /** Also ends open connections, so slow answers do not delay it. */
  close(): Promise<void>;
  /**
   * Starts the sign-in server of companies with single sign-on (`usesSso`), on an origin of its own. Call it once.
   *
   * @returns the origin, without a trailing slash
   */
  listenSso(port?: number, host?: string): Promise<string>;
  /** Starts a TLS listener in front of the same emulator, in addition to or instead of `listen`. Call it once. */
  listenSecurely(port?: number): Promise<SecureListener>;
  /** undefined before `listenSecurely` */
  readonly secure: SecureListener | undefined;
};

function createCore(options: EmulatorOptions): Core {
  const realNow = options.now ?? (() => new Date());
  let aheadMs = 0;
  const now = () => new Date(realNow().getTime() + aheadMs);
  const newId = options.newId ?? (() => randomBytes(16).toString('base64url'));
  const limits = options.limits === 'generous' ? generousLimits : { ...documentedLimits, ...options.limits };
  return {
    world: new World(newId, now),
    sessions: new Sessions(newId),
    codes: new AuthorizationCodes(newId),
    signIns: new CompanySignIns(newId),
    signer: new JwtSigner(options.signingKey ?? processSigningKey()),
    limits: new RateLimits(limits, options.windowSeconds ?? 60, options.penaltySeconds ?? 60),
    faults: new Faults(now),
    traffic: new Traffic(),
    answers: defaultAnswers(),
    now,
    advance: (seconds) => {
      aheadMs += seconds * 1000;
    },
    newId,
    settings: {
      environment: options.environment ?? 'production',
      authScope: options.authScope ?? 'app',
      delayMs: options.delayMs ?? 0,
      revokingJwtEndsSessions: options.revokingJwtEndsSessions ?? false,
      disablingEndsSessions: options.disablingEndsSessions ?? true,
      inactiveOwners: 'refused',
      loginPrompt: 'with_sso',
      ssoPort: null,
      beforePage: null,
    },
  };
}

/** An error in the emulator itself must not look like an answer from RingCentral. */
const onDefect: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  res.status(500).json({ emulator: error instanceof Error ? error.message : 'defect' });
};

type Doors = { secure: () => SecureListener | undefined; allowedHosts: string[] };

function createApp(core: Core, control: Control, { secure, allowedHosts }: Doors): Express {
  const delay: RequestHandler = async (_req, _res, next) => {
    if (core.settings.delayMs > 0) await sleep(core.settings.delayMs);
    next();
  };
  const faults = core.faults.middleware();
  const disturb: RequestHandler[] = [faults, delay];
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(hostGuard(allowedHosts));
  app.use('/emulator/control', controlRoutes(control));
  mountConsole(app, core, control);
  mountControlPages(app, core, control);
  app.get('/', (_req, res) => {
    res.redirect(302, '/emulator');
  });
  app.get('/favicon.ico', (_req, res) => void res.status(204).end());
  app.use(arrivals(core), (req, res, next) => {
    secure()?.arrived(callOf(req.method, req.path), req, res);
    next();
  });
  app.use('/restapi', exactAnswers, (_req, res, next) => {
    res.set('Date', core.now().toUTCString()); // a client may read RingCentral's clock from an answer
    next();
  });
  app.use('/restapi/oauth', oauthRoutes(core, disturb), authorizeRoutes(core));
  app.use(['/restapi', '/.well-known'], announceForced429(core), disturb);
  app.use(metadataRoutes(core));
  app.use('/restapi', accountRoutes(core), authzRoutes(core), messageRoutes(core), callLogRoutes(core));
  app.use('/restapi', (_req, res) => sendApiError(res, apiErrors.invalidUri));
  app.use(onDefect);
  return app;
}

/**
 * RingCentral for tests and demos: token endpoint, API and Developer Console on one origin, with all state in memory.
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const core = createCore(options);
  const control = createControl(core);
  const servers: Server[] = [];
  let secure: SecureListener | undefined;
  const allowedHosts = options.allowedHosts ?? [];
  const app = createApp(core, control, { secure: () => secure, allowedHosts });
  const listenWith = async (one: Express, port: number, host: string) => {
    const listening = createServer(one);
    servers.push(listening);
    await new Promise<void>((resolve, reject) => {
      listening.once('error', reject).listen(port, host, resolve);
    });
    return `http://${host}:${(listening.address() as AddressInfo).port}`;
  };
  let url = '';
  return {
    ...control,
    app,
    get url() {
      return url;
    },
    async listen(port = 0, host = '127.0.0.1') {
      url = await listenWith(app, port, host);
      return url;
    },
    async listenSso(port = 0, host = '127.0.0.1') {
      const ssoUrl = await listenWith(companySsoApp(core, app.get('views') as string, allowedHosts), port, host);
      core.settings.ssoPort = Number(new URL(ssoUrl).port);
      return ssoUrl;
    },
    get secure() {
      return secure;
    },
    async listenSecurely(port) {
      secure = await listenSecurely(app, port);
      return secure;
    },
    async close() {
      const [closing, secured] = [servers.splice(0), secure];
      secure = undefined;
      await secured?.close();
      await Promise.all(
        closing.map(
          (one) =>
            new Promise<void>((resolve) => {
              one.close(() => resolve());
              one.closeAllConnections();
            }),
        ),
      );
    },
  };
}
