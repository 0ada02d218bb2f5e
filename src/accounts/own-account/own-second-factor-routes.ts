import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import type { AuditAction, Origin } from '../../audit/audit-events.js';
import type { Knex } from '../../platform/database/database.js';
import { seeOther, showPage } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import { pathToSignIn, requireFreshProof } from '../sessions/access-guards.js';
import type { Person, SessionPerson } from '../people/account-types.js';
import { ownActs } from '../people/own-acts.js';
import type { SecurityNotice } from '../people/account-mails.js';
import { removeSecondFactor } from '../second-factor/second-factor-service.js';
import { readLocalPath } from '../people/local-path.js';
import { refused, tooManyTries } from '../forms/refusals.js';
import {
  enrolmentPage,
  enrolmentStartPage,
  newCodesPage,
  recoveryCodesPage,
  removalPage,
  secondFactorStatePage,
  type CodeProblem,
  type Obligation,
} from '../sign-in/second-factor-pages.js';
import { attemptOf, type SecondFactorRouteDependencies } from '../sign-in/second-factor-routes.js';
import { UNFINISHED_MS } from '../sessions/session-store.js';
import { originOf } from '../sign-in/signing-in.js';

declare module 'express-session' {
  interface SessionData {
    /** Where to go after the new recovery codes are confirmed. */
    afterCodes?: string;
  }
}

type Dependencies = Omit<SecondFactorRouteDependencies, 'attempts'> & {
  tenants: Pick<TenantService, 'asksForSecondFactor'>;
};

const nothing = z.object({});
const codeForm = z.object({ code: textField(100) });
const startForm = z.object({ next: textField(1000).optional() });
const own = '/account/second-factor';
const codesPage = '/account/recovery-codes';

/**
 * `/account/second-factor` and `/account/recovery-codes`. Also reachable half signed in, so this router has its own
 * guard.
 */
export const ownSecondFactorRoutes = (deps: Dependencies): Router => {
  const { world, signIn, signingIn, secondFactor, recoveryCodes, tenants, mails } = deps;

  const personOf = (req: { session: { personId?: string } }) => signIn.find(req.session.personId ?? '');

  async function obligationOf({ id, staffRole }: Pick<SessionPerson, 'id' | 'staffRole'>): Promise<Obligation> {
    if (staffRole !== null) return 'staff';
    return (await tenants.asksForSecondFactor(id)) ? 'tenant' : null;
  }

  /** @returns undefined, without an answer, if no app is being set up in this browser session */
  async function showEnrolment({ session }: Request, res: Response, person: Person, problem?: CodeProblem) {
    const enrolment = await secondFactor.enrolment(person, session.enrolment);
    if (!enrolment) return undefined;
    return showPage(res, 'accounts/enrolment', enrolmentPage(res.locals.t, { ...enrolment, problem }));
  }

  /** The audit row and the mail of a change. */
  async function told(trx: Knex, action: AuditAction, notice: SecurityNotice, person: Person, origin: Origin) {
    await ownActs(trx, world)(action, person.id, origin);
    await mails.securityNotice(trx, notice, { person, at: world.now() });
    return true;
  }

  const provedAgain = requireFreshProof(world);
  /**
   * People who must set up a second factor gave their password minutes ago, unless they became staff in an older
   * browser session.
   */
  const fresh: RequestHandler = (req, res, next) => {
    const { passwordAt } = req.session;
    if (res.locals.person) provedAgain(req, res, next);
    else if (passwordAt !== undefined && world.now().getTime() - Date.parse(passwordAt) <= UNFINISHED_MS) next();
    else seeOther(res, '/sign-in');
  };
  const withFactor: RequestHandler = (req, res, next) => {
    if (req.session.loaded?.person.hasSecondFactor === true) next();
    else seeOther(res, own);
  };

  return Router()
    .use(['/second-factor', '/recovery-codes'], (req, res, next) => {
      const person = req.session.loaded?.person;
      if (person && (res.locals.person || !person.hasSecondFactor)) next();
      else seeOther(res, pathToSignIn(req));
    })
    .get('/second-factor', async (req, res) => {
      const person = await personOf(req);
      if (!person) return seeOther(res, '/sign-in');
      const shown = await showEnrolment(req, res, person);
      if (shown) return shown;
      const page = secondFactorStatePage(res.locals.t, {
        inUse: person.hasSecondFactor,
        codesLeft: await recoveryCodes.left(person.id),
        codesOutdated: await recoveryCodes.areOutdated(person.id),
        obligation: await obligationOf(person),
        signedIn: res.locals.person !== undefined,
        next: readLocalPath(req.query.next),
      });
      return showPage(res, 'accounts/second-factor-state', page);
    })
    .get('/second-factor/enrolment', fresh, (req, res) => {
      const inUse = req.session.loaded?.person.hasSecondFactor === true;
      const next = readLocalPath(req.query.next);
      showPage(res, 'accounts/form', enrolmentStartPage(res.locals.t, { inUse, next }));
    })
    .post('/second-factor/enrolment', fresh, async (req, res) => {
      const next = readLocalPath(parseForm(startForm, req.body).next);
      req.session.enrolment = await secondFactor.beginEnrolment(req.session.personId ?? '');
      if (next !== undefined) req.session.next = next;
      seeOther(res, own);
    })
    .post('/second-factor', async (req, res) => {
      const { code } = parseForm(codeForm, req.body);
      const person = await personOf(req);
      const { enrolment, next } = req.session;
      if (!person || !(await secondFactor.enrolment(person, enrolment))) return seeOther(res, own);
      const again = async (problem: CodeProblem) =>
        (await showEnrolment(req, res, person, problem)) ?? seeOther(res, own);
      if (code.trim() === '') return again(refused(res, 'missing'));
      const verdict = await secondFactor.confirm(await attemptOf(deps, req, res, person.id, code), enrolment);
      if (verdict.kind === 'wait') return again(tooManyTries(res, verdict.until, world.now()));
      if (verdict.kind === 'wrong') return again(refused(res, 'wrong'));
      const codes = await recoveryCodes.make(person.id);
      const entered = await signingIn.enter(
        req,
        res,
        { ...person, hasSecondFactor: true },
        {
          by: 'second_factor',
          stepUp: res.locals.person !== undefined,
          next: codesPage,
          data: { recoveryCodes: codes.kept, afterCodes: next ?? (await signingIn.landingOf(person)) },
          change: async (trx) => {
            if (!(await verdict.use(trx))) return false;
            await codes.store(trx);
            const notice = person.hasSecondFactor ? 'secondFactorReplaced' : 'secondFactorEnrolled';
            await mails.securityNotice(trx, notice, { person, at: world.now() });
            return true;
          },
        },
      );
      return entered ? 'answered' : again(refused(res, 'wrong'));
    })

    .get('/second-factor/removal', withFactor, fresh, async (req, res) => {
      const person = await personOf(req);
      if (!person || (await obligationOf(person)) !== null) return seeOther(res, own);
      return showPage(res, 'accounts/form', removalPage(res.locals.t));
    })
    .post('/second-factor/removal', withFactor, fresh, async (req, res) => {
      parseForm(nothing, req.body);
      const person = await personOf(req);
      if (!person || (await obligationOf(person)) !== null) return seeOther(res, own);
      const origin = originOf(req, res);
      await signingIn.goOn(req, person.id, {
        change: async (trx) =>
          (await removeSecondFactor(trx, person.id)) &&
          told(trx, 'person.second_factor_removed', 'secondFactorRemoved', person, origin),
      });
      return seeOther(res, own);
    })

    .get('/recovery-codes', async (req, res) => {
      const { personId = '', recoveryCodes: kept } = req.session;
      const codes = await recoveryCodes.shown(personId, kept);
      if (!codes) return seeOther(res, own);
      const { t, brand } = res.locals;
      return showPage(res, 'accounts/recovery-codes', recoveryCodesPage(t, brand, codes));
    })
    .get('/recovery-codes/new', withFactor, fresh, (_req, res) => {
      showPage(res, 'accounts/form', newCodesPage(res.locals.t));
    })
    .post('/recovery-codes', withFactor, fresh, async (req, res) => {
      parseForm(nothing, req.body);
      const person = await personOf(req);
      if (!person) return seeOther(res, '/sign-in');
      const codes = await recoveryCodes.make(person.id);
      await signingIn.goOn(req, person.id, {
        data: { recoveryCodes: codes.kept, afterCodes: own },
        change: async (trx) => {
          await codes.store(trx);
          return told(trx, 'person.recovery_codes_made', 'recoveryCodesMade', person, originOf(req, res));
        },
      });
      return seeOther(res, codesPage);
    })
    .post('/recovery-codes/acknowledgement', (req, res) => {
      parseForm(nothing, req.body);
      const next = readLocalPath(req.session.afterCodes) ?? own;
      delete req.session.recoveryCodes;
      delete req.session.afterCodes;
      seeOther(res, next);
    });
};
