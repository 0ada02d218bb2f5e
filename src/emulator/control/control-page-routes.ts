import express, { Router, type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { callNames } from '../traffic/calls.js';
import { checkCsrf, pageHeaders } from '../console/console-routes.js';
import { ConsoleSessions } from '../console/console-sessions.js';
import {
  appsPage,
  callsPage,
  controlBase,
  controlFrame,
  emptyFault,
  faultsPage,
  peoplePage,
  urlOf,
  type ControlPage,
  type FaultError,
  type FaultForm,
} from './control-pages.js';
import { mailboxPages } from './mailbox-pages.js';
import type { Control } from '../control.js';
import { inactiveOwnersAre, type Core } from '../core.js';
import { faultKinds } from '../traffic/fault-kinds.js';
import type { FaultInput } from '../traffic/faults.js';
import { loopbackOnly } from '../listening/host-guard.js';
import { accountStatuses, extensionStatuses, extensionTypes, NotInWorld, roleNames } from '../world/world-types.js';

type Fields = Record<string, unknown>;
const fieldsOf = (req: Request): Fields => (req.body ?? {}) as Fields;
const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');
/** Returns the sent value if it is one of `known`, otherwise undefined. */
const oneOf = <T extends string>(known: readonly T[], value: unknown): T | undefined =>
  known.find((one) => one === value);

const number = (value: string, least: number, most: number): number | undefined =>
  /^\d{1,6}$/.test(value) && Number(value) >= least && Number(value) <= most ? Number(value) : undefined;

/** Returns the typed values and the fault they describe; an invalid number is reported at its field. */
function readFault(fields: Fields): { form: FaultForm; errors: FaultError[]; fault: FaultInput } {
  const names = Object.keys(emptyFault) as (keyof FaultForm)[];
  const form = Object.fromEntries(names.map((name) => [name, text(fields[name]).slice(0, 200)])) as FaultForm;
  const errors: FaultError[] = [];
  const count = number(form.count, 1, 999_999);
  const status = number(form.status, 200, 599);
  if (form.count !== '' && count === undefined)
    errors.push({ field: 'count', message: 'Enter how many times as a whole number, or leave it empty.' });
  if (form.status !== '' && status === undefined)
    errors.push({ field: 'status', message: 'Enter a status from 200 to 599, or leave it empty.' });
  const kind = oneOf(faultKinds, form.kind) ?? 'unavailable';
  const retryAfter = form.retry_after === '' ? undefined : (number(form.retry_after, 0, 999_999) ?? form.retry_after);
  return { form, errors, fault: { kind, call: oneOf(callNames, form.call), count, status, retryAfter } };
}

/** The pages about the emulator itself: they show what it received and change its state through plain forms. */
export function mountControlPages(app: Express, core: Core, control: Control): void {
  const sessions = new ConsoleSessions(core.newId, 'emulator_control', controlBase);
  const show: Show = (req, res, name, page, before = '') => {
    const frame = controlFrame(sessions.of(req), name);
    res.render(`control/${name}`, { frame: { ...frame, title: before + frame.title }, page });
  };
  const done = (req: Request, res: Response, name: ControlPage, notice: string) => {
    sessions.of(req).notice = notice;
    res.redirect(303, urlOf(name));
  };
  const own = (req: Request) => `${req.protocol}://${req.get('host') ?? ''}`;
  const onError: ErrorRequestHandler = (error: unknown, req, res, next) => {
    if (!(error instanceof NotInWorld)) next(error);
    else res.status(404).render('control/not-found', { frame: controlFrame(sessions.of(req), null) });
  };
  const pages = Router()
    .use(loopbackOnly, pageHeaders, express.urlencoded({ extended: false, limit: '64kb' }), sessions.middleware())
    .use(checkCsrf(sessions, (session) => controlFrame(session, null, 'This page is too old')))
    .get('/', (req, res) => show(req, res, 'calls', callsPage(control, own(req))))
    .post('/calls/removal', (req, res) => {
      control.clearLog();
      done(req, res, 'calls', 'The calls are forgotten.');
    })
    .use(faultRoutes(control, show, done), worldPages(control, show, done), mailboxPages(control, show, done))
    .use(() => {
      throw new NotInWorld('no such page');
    })
    .use(onError);
  app.use(controlBase, pages);
}

export type Show = (req: Request, res: Response, name: ControlPage, page: object, before?: string) => void;
export type Done = (req: Request, res: Response, name: ControlPage, notice: string) => void;

const faultRoutes = (control: Control, show: Show, done: Done): Router =>
  Router()
    .get('/faults', (req, res) => show(req, res, 'faults', faultsPage(control)))
    .post('/faults', (req, res) => {
      const { form, errors, fault } = readFault(fieldsOf(req));
      if (errors.length > 0) {
        res.status(422);
        show(req, res, 'faults', faultsPage(control, form, errors), 'Error: ');
        return;
      }
      control.faults.add(fault);
      done(req, res, 'faults', `The fault ${fault.kind} is set.`);
    })
    .post('/faults/removal', (req, res) => {
      const id = text(fieldsOf(req)['id']);
      control.faults.clear(id === '' ? undefined : Number(id));
      done(req, res, 'faults', id === '' ? 'All faults are cleared.' : 'The fault is cleared.');
    })
    .post('/limits', (req, res) => {
      const fields = fieldsOf(req);
      const wanted = Object.keys(control.limits()).map((group) => [group, number(text(fields[group]), 1, 999_999)]);
      const usable = wanted.filter(([, limit]) => limit !== undefined);
      control.setLimits(Object.fromEntries(usable) as Record<string, number>);
      const isAll = usable.length === wanted.length;
      done(
        req,
        res,
        'faults',
        isAll ? 'The limits are changed.' : 'Limits are whole numbers from 1: others were kept.',
      );
    })
    .post('/limits/removal', (req, res) => {
      control.resetLimits();
      done(req, res, 'faults', 'Counted calls and penalties are forgotten.');
    });

const worldPages = (control: Control, show: Show, done: Done): Router =>
  Router()
    .get('/people', (req, res) => show(req, res, 'people', peoplePage(control)))
    .post('/people/:id', (req, res) => {
      const { id } = req.params;
      const { name } = control.world.extension(id);
      const status = oneOf(extensionStatuses, fieldsOf(req)['status']);
      const role = oneOf(roleNames, fieldsOf(req)['role']);
      const type = oneOf(extensionTypes, fieldsOf(req)['type']);
      if (type) control.setExtensionType(id, type);
      if (role && role !== control.world.extension(id).role) control.setRole(id, role);
      if (status) control.setExtensionStatus(id, status);
      done(req, res, 'people', `${name} is changed.`);
    })
    .post('/inactive-owners', (req, res) => {
      const inactiveOwners = oneOf(inactiveOwnersAre, fieldsOf(req)['inactive_owners']);
      if (inactiveOwners) control.setInactiveOwners(inactiveOwners);
      done(req, res, 'people', `Users who are not Enabled are ${control.inactiveOwners()}.`);
    })
    .post('/accounts/:id', (req, res) => {
      const { companyName } = control.world.account(req.params.id);
      const status = oneOf(accountStatuses, fieldsOf(req)['status']);
      if (status) control.setAccountStatus(req.params.id, status);
      done(req, res, 'people', `${companyName} is changed.`);
    })
    .get('/apps', (req, res) => show(req, res, 'apps', appsPage(control)))
    .post('/apps/:clientId/secret', (req, res) => {
      const { name } = control.world.app(req.params.clientId);
      const secret = text(fieldsOf(req)['secret']);
      if (secret !== '') control.setAppSecret(req.params.clientId, secret);
      done(req, res, 'apps', secret === '' ? 'Enter a secret first.' : `The secret of ${name} is changed.`);
    })
    .post('/jwts/:jti/revocation', (req, res) => {
      control.revokeJwt(req.params.jti);
      done(req, res, 'apps', `The JWT “${control.world.credential(req.params.jti).label}” is revoked.`);
    });
