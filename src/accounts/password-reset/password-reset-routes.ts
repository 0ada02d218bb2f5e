import { Router, type Response } from 'express';
import { z } from 'zod';
import { seeOther, showPage } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import type { World } from '../../platform/world.js';
import type { Stall } from '../../platform/outbox.js';
import { askForResetPage, resetAskedPage, resetPage } from './password-pages.js';
import type { PasswordResetService } from './password-reset-service.js';
import type { PasswordProblem } from '../passwords/password-rules.js';
import { refused, tooManyTries } from '../forms/refusals.js';
import { originOf } from '../sign-in/signing-in.js';

type Dependencies = {
  world: Pick<World, 'now'>;
  passwordResets: PasswordResetService;
  stalledMail: () => Promise<Stall | null>;
};

const askForm = z.object({ email: textField(1000) });
const resetForm = z.object({ password: textField(10_000) });

/** `/password-reset`: requests a link by mail. The answer is the same for every address. */
export const askForResetRoutes = ({ world, passwordResets, stalledMail }: Dependencies): Router =>
  Router()
    .get('/', (req, res) => {
      showPage(res, 'accounts/form', askForResetPage(res.locals.t, { deadLink: req.query.notice === 'link' }));
    })
    .post('/', async (req, res) => {
      const { email } = parseForm(askForm, req.body);
      const asked = await passwordResets.ask(email, originOf(req, res));
      if (asked.kind === 'asked') return seeOther(res, '/password-reset/asked');
      const { t } = res.locals;
      const problem = asked.kind === 'wait' ? tooManyTries(res, asked.until, world.now()) : refused(res, asked.problem);
      return showPage(res, 'accounts/form', askForResetPage(t, { email, problem }));
    })
    .get('/asked', async (_req, res) => {
      showPage(res, 'accounts/text', resetAskedPage(res.locals.t, (await stalledMail()) !== null));
    });

/** `/password-resets/:token`: GET only shows; POST sets the password, once. */
export const passwordResetRoutes = ({ passwordResets }: Pick<Dependencies, 'passwordResets'>): Router => {
  /** Used, replaced, expired, unknown and mistyped links get the same answer, which reveals nothing. */
  const leadsNowhere = (res: Response) => {
    res.locals.refusal = { action: 'request.link_refused' };
    return seeOther(res, '/password-reset?notice=link');
  };
  const show = (res: Response, token: string, email: string, problem?: PasswordProblem) =>
    showPage(
      res.status(problem ? 422 : 200),
      'accounts/form',
      resetPage(res.locals.t, { action: `/password-resets/${token}`, email, problem }),
    );

  return Router()
    .get('/:token', async (req, res) => {
      const person = await passwordResets.personOfLink(req.params.token);
      return person ? show(res, req.params.token, person.email) : leadsNowhere(res);
    })
    .post('/:token', async (req, res) => {
      const { token } = req.params;
      const { password } = parseForm(resetForm, req.body);
      const reset = await passwordResets.reset(token, password, originOf(req, res));
      if (reset.kind === 'done') return seeOther(res, '/sign-in?notice=password_reset');
      const person = reset.kind === 'refused' ? await passwordResets.personOfLink(token) : undefined;
      if (reset.kind === 'spent' || !person) return leadsNowhere(res);
      return show(res, token, person.email, reset.problem);
    });
};
