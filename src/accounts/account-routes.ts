import { Router } from 'express';
import { showPage } from '../platform/http/answers.js';
import { PortalError } from '../platform/errors.js';
import { accountPage } from './account-page.js';

/** `/account`: what a signed-in person, member or staff, sees and may change of their own account. */
export const accountRoutes = (): Router =>
  Router().get('/', (req, res) => {
    const person = req.session.loaded?.person;
    if (!person) throw new PortalError('not_found');
    showPage(res, 'accounts/account', accountPage(res.locals.t, person));
  });
