import { Router, type RequestHandler } from 'express';
import { z } from 'zod';
import { inTransaction } from '../../platform/database/lock.js';
import { PortalError } from '../../platform/errors.js';
import { seeOther } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import type { PageLanguage } from '../../platform/http/page-language.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import { isLanguage } from '../../texts/languages.js';
import type { ServiceBase } from '../people/account-types.js';
import { readLocalPath } from '../people/local-path.js';
import { ownActs } from '../people/own-acts.js';
import { personStore } from '../people/person-store.js';
import { originOf } from './signing-in.js';

/**
 * The language of a signed-in or half signed-in person: their own choice, the choice in this browser, English for
 * staff, otherwise the common language of their tenants. Runs after the session.
 */
export const languageOfPerson =
  (language: PageLanguage, tenants: Pick<TenantService, 'readingOf'>): RequestHandler =>
  async (req, res, next) => {
    const person = req.session.loaded?.person;
    if (person?.language) language.show(req, res, person.language, true);
    else if (person && !res.locals.languageChosen) {
      const common = person.staffRole === null ? (await tenants.readingOf(person.id)).language : 'en';
      if (common !== null) language.show(req, res, common, false);
    }
    next();
  };

const languageForm = z.object({ language: textField(20), next: textField(2000).default('') });

/**
 * `/language`: the switch at the foot of each page. Stores the choice in the browser and with the signed-in person.
 */
export const languageRoutes = ({
  transaction,
  world,
  language,
}: Omit<ServiceBase, 'db'> & { language: PageLanguage }): Router => {
  const inUnit = inTransaction(transaction, (trx) => ({ people: personStore(trx), trace: ownActs(trx, world) }));
  return Router().post('/', async (req, res) => {
    const { language: chosen, next } = parseForm(languageForm, req.body);
    if (!isLanguage(chosen)) throw new PortalError('bad_request');
    const { person } = res.locals;
    if (person)
      await inUnit(async ({ people, trace }) => {
        if (await people.setLanguage(person.id, chosen))
          await trace('person.language_chosen', person.id, originOf(req, res), { detail: { language: chosen } });
      });
    language.remember(res, chosen);
    seeOther(res, readLocalPath(next) ?? '/');
  });
};
