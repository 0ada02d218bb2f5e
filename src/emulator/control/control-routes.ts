import { Router, json, type ErrorRequestHandler } from 'express';
import { z } from 'zod';
import { callNames } from '../traffic/calls.js';
import type { Control } from '../control.js';
import { given, mailboxRoutes, mailboxRules } from './mailbox-routes.js';
import { faxFormats } from '../world/mailbox-types.js';
import { inactiveOwnersAre, loginPrompts } from '../core.js';
import { faultKinds } from '../traffic/fault-kinds.js';
import { loopbackOnly } from '../listening/host-guard.js';
import { graceAnswers, replayedCodes, reusedRefreshTokens, sessionKinds } from '../world/session-rules.js';
import { situations } from '../world/oauth-answers.js';
import {
  accountStatuses,
  extensionStatuses,
  extensionTypes,
  NotInWorld,
  roleNames,
  type Extension,
} from '../world/world-types.js';

const scopes = z.array(
  z.enum(['Account', 'AllExtensions', 'Federation', 'NonUserExtensions', 'RoleBased', 'Self', 'UserExtensions']),
);
const text = z.string().min(1);
const accountStatus = z.enum(accountStatuses);

const app = z
  .strictObject({
    clientId: text,
    secret: text.nullable(),
    name: text,
    provider: text,
    ownerAccountId: text.nullable(),
    access: z.enum(['public', 'private']),
    environment: z.enum(['production', 'sandbox']),
    grants: z.array(z.enum(['jwt', 'authorization_code'])),
    issueRefreshTokens: z.boolean(),
    scopes: z.array(text),
    redirectUris: z.array(z.url()),
    authPerMinute: z.number().int().positive().nullable(),
  })
  .partial();
const account = z
  .strictObject({
    id: text,
    companyName: text,
    mainNumber: text,
    status: accountStatus,
    realmRestricted: z.boolean(),
    usesSso: z.boolean(),
    keepsMessagesDays: z.number().int().positive().nullable(),
    sessionIdleSeconds: z.number().int().positive().nullable(),
    sessionAbsoluteSeconds: z.number().int().positive().nullable(),
  })
  .partial();
const extension = z.strictObject({
  accountId: text,
  id: text.optional(),
  extensionNumber: text.optional(),
  name: text.optional(),
  firstName: text.optional(),
  lastName: text.optional(),
  email: text.optional(),
  type: z.enum(extensionTypes).optional(),
  status: z.enum(extensionStatuses).optional(),
  role: z.enum(roleNames).optional(),
  hasSignedInToConsole: z.boolean().optional(),
  faxFormat: z.enum(faxFormats).optional(),
  permissions: z.record(text, scopes).optional(),
});
const jwt = z.strictObject({
  extensionId: text,
  clientIds: z.union([z.literal('organization'), z.array(text)]),
  label: text.optional(),
  exp: z.number().int().optional(),
  environment: z.enum(['production', 'biz', 'sandbox']).optional(),
});
const fault = z.strictObject({
  kind: z.enum(faultKinds),
  call: z.enum(callNames).optional(),
  clientId: text.optional(),
  path: text.optional(),
  method: text.optional(),
  count: z.number().int().positive().optional(),
  status: z.number().int().min(200).max(599).optional(),
  retryAfter: z.union([z.number().int().min(0), text, z.null()]).optional(),
  retryAfterAs: z.enum(['seconds', 'date']).optional(),
  code: text.optional(),
  error: text.optional(),
  set: z.record(text, z.unknown()).optional(),
  remove: z.array(text).optional(),
  last: z.enum(['real', 'other']).optional(),
  delayMs: z.number().int().min(0).optional(),
  bytes: z.number().int().min(0).optional(),
  location: text.optional(),
});
const answer = z
  .strictObject({ status: z.number().int().min(400).max(599), error: text, code: text.nullable(), message: text })
  .partial();
const limits = z
  .strictObject(Object.fromEntries(['auth', 'light', 'medium', 'heavy'].map((name) => [name, z.number().int()])))
  .partial();
const sessionRules = z
  .strictObject({
    graceAnswer: z.enum(graceAnswers),
    rotates: z.boolean(),
    replayedCode: z.enum(replayedCodes),
    reusedRefreshToken: z.enum(reusedRefreshTokens),
    passwordEnds: z.enum(sessionKinds),
    limitsApplyTo: z.enum(sessionKinds),
    zeroRefreshTtl: z.enum(['no_token', 'default']),
  })
  .partial();
const settings = z
  .strictObject({
    authScope: z.enum(['app', 'account', 'user']),
    delayMs: z.number().int().min(0),
    inactiveOwners: z.enum(inactiveOwnersAre),
    loginPrompt: z.enum(loginPrompts),
    limits,
    mailboxes: mailboxRules,
    sessions: sessionRules,
  })
  .partial();

const shown = ({ permissions, ...extension }: Extension) => ({
  ...extension,
  permissions: Object.fromEntries(permissions),
});

const onError: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (error instanceof z.ZodError) res.status(422).json({ error: z.prettifyError(error) });
  else if (error instanceof NotInWorld) res.status(404).json({ error: error.message });
  else next(error);
};

function worldRoutes(control: Control): Router {
  const { world } = control;
  return Router()
    .get('/apps', (_req, res) => void res.json([...world.apps.values()].map((one) => ({ ...one, secret: undefined }))))
    .post('/apps', (req, res) => void res.status(201).json(control.addApp(given(app.parse(req.body)))))
    .patch('/apps/:clientId', (req, res) => {
      const change = given(app.omit({ clientId: true }).parse(req.body));
      res.json({ ...control.updateApp(req.params.clientId, change), secret: undefined });
    })
    .get('/accounts', (_req, res) => void res.json([...world.accounts.values()]))
    .post('/accounts', (req, res) => void res.status(201).json(control.addAccount(given(account.parse(req.body)))))
    .patch('/accounts/:id', (req, res) => {
      const { status, ...change } = given(account.parse(req.body));
      Object.assign(world.account(req.params.id), change);
      if (status) control.setAccountStatus(req.params.id, status);
      res.json(world.account(req.params.id));
    })
    .delete('/accounts/:id', (req, res) => {
      control.removeAccount(req.params.id);
      res.status(204).end();
    })
    .get('/extensions', (_req, res) => void res.json([...world.extensions.values()].map(shown)))
    .post('/extensions', (req, res) => {
      res.status(201).json(shown(control.addExtension(given(extension.parse(req.body)))));
    })
    .patch('/extensions/:id', (req, res) => {
      const change = extension
        .pick({ status: true, permissions: true, role: true, type: true, faxFormat: true })
        .parse(req.body);
      const { status, permissions, role, type, faxFormat } = change;
      if (type) control.setExtensionType(req.params.id, type);
      if (faxFormat) world.extension(req.params.id).faxFormat = faxFormat;
      if (role) control.setRole(req.params.id, role);
      for (const [id, reach] of Object.entries(permissions ?? {})) control.setPermission(req.params.id, id, reach);
      if (status) control.setExtensionStatus(req.params.id, status);
      res.json(shown(world.extension(req.params.id)));
    })
    .delete('/extensions/:id', (req, res) => {
      control.removeExtension(req.params.id);
      res.status(204).end();
    })
    .post('/extensions/:id/password', (req, res) => {
      control.changePassword(req.params.id);
      res.status(204).end();
    })
    .delete('/extensions/:id/sessions', (req, res) => {
      control.endSessions(req.params.id);
      res.status(204).end();
    });
}

function jwtRoutes(control: Control): Router {
  return Router()
    .get('/jwts', (_req, res) => void res.json([...control.world.credentials.values()]))
    .post('/jwts', (req, res) => void res.status(201).json(control.createJwt(jwt.parse(req.body))))
    .put('/jwts/:jti/permitted-apps/:clientId', (req, res) => {
      control.permitApp(req.params.jti, req.params.clientId);
      res.status(204).end();
    })
    .delete('/jwts/:jti/permitted-apps/:clientId', (req, res) => {
      control.forbidApp(req.params.jti, req.params.clientId);
      res.status(204).end();
    })
    .delete('/jwts/:jti', (req, res) => {
      if (req.query['how'] === 'deleted') control.deleteJwt(req.params.jti);
      else control.revokeJwt(req.params.jti);
      res.status(204).end();
    });
}

function behaviourRoutes(control: Control): Router {
  return Router()
    .get('/faults', (_req, res) => void res.json(control.faults.list()))
    .post('/faults', (req, res) => void res.status(201).json(control.faults.add(fault.parse(req.body))))
    .delete('/faults', (_req, res) => {
      control.faults.clear();
      res.status(204).end();
    })
    .delete('/faults/:id', (req, res) => {
      control.faults.clear(Number(req.params.id));
      res.status(204).end();
    })
    .put('/answers/:situation', (req, res) => {
      control.setAnswer(z.enum(situations).parse(req.params.situation), given(answer.parse(req.body)));
      res.status(204).end();
    })
    .patch('/settings', (req, res) => {
      const change = settings.parse(req.body);
      if (change.authScope) control.setAuthScope(change.authScope);
      if (change.delayMs !== undefined) control.setDelay(change.delayMs);
      if (change.inactiveOwners) control.setInactiveOwners(change.inactiveOwners);
      if (change.loginPrompt) control.setLoginPrompt(change.loginPrompt);
      if (change.limits) control.setLimits(given(change.limits));
      if (change.sessions) control.setSessionRules(given(change.sessions));
      if (change.mailboxes) control.setMailboxRules(given(change.mailboxes));
      res.status(204).end();
    })
    .get('/limits', (_req, res) => void res.json({ limits: control.limits(), inUse: control.limitsInUse() }))
    .delete('/limits', (_req, res) => {
      control.resetLimits();
      res.status(204).end();
    })
    .post('/clock', (req, res) => {
      control.advance(z.strictObject({ advanceSeconds: z.number() }).parse(req.body).advanceSeconds);
      res.status(204).end();
    })
    .get('/requests', (_req, res) => void res.json(control.requests))
    .get('/token-calls', (_req, res) => void res.json(control.tokenCalls))
    .get('/violations', (_req, res) => void res.json(control.violations))
    .delete('/log', (_req, res) => {
      control.clearLog();
      res.status(204).end();
    });
}

/** control.ts over HTTP, for tests in other processes. Accepts and returns JSON; rejects unknown members with 422. */
export const controlRoutes = (control: Control): Router =>
  Router().use(
    loopbackOnly,
    json(),
    worldRoutes(control),
    mailboxRoutes(control),
    jwtRoutes(control),
    behaviourRoutes(control),
    onError,
  );
