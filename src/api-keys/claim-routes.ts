import { Router, type Response } from 'express';
import { z } from 'zod';
import { originOf } from '../accounts/sign-in/signing-in.js';
import { showPage, type Answered } from '../platform/http/answers.js';
import { parseForm } from '../platform/http/forms.js';
import { exactTime } from '../platform/http/view-helpers.js';
import { shownKeyPage } from './api-key-pages.js';
import type { ApiKeyService, Claim } from './api-key-service.js';

const noFields = z.object({});

/** A link that has ended says why; one that never existed is a dead link. */
function showEnded(res: Response, claim: Exclude<Claim, { kind: 'open' }>, wasPosted: boolean): Answered {
  const texts = res.locals.t.staff.apiKeys.claim;
  const isv = { isv: res.locals.brand.name };
  if (claim.kind === 'absent') {
    res.locals.refusal = { action: 'request.link_refused' };
    return showPage(res.status(404), 'accounts/text', texts.absent);
  }
  if (claim.kind !== 'used') return showPage(res.status(410), 'accounts/text', texts[claim.kind]);
  const { title, paragraphs, seen } = texts.used;
  return showPage(res.status(410), 'accounts/text', { title, paragraphs: (wasPosted ? paragraphs : seen)(isv) });
}

/** `/api-keys/claims/:token`. GET only shows; POST makes the key and shows it, once. */
export const claimRoutes = (service: ApiKeyService): Router =>
  Router()
    .get('/:token', async (req, res) => {
      const { token } = req.params;
      const claim = await service.look(token);
      if (claim.kind !== 'open') return showEnded(res, claim, false);
      const { claim: texts, columns, one, form, allClinics, someClinics } = res.locals.t.staff.apiKeys;
      const { key, until } = claim;
      return showPage(res, 'api-keys/claim', {
        title: texts.title,
        lead: texts.lead({ isv: res.locals.brand.name }),
        rows: [
          { key: columns.key, value: key.name },
          { key: one.purpose, value: key.purpose },
          { key: columns.scopes, value: key.scopes.map((scope) => form.scopeTexts[scope]).join(' · ') },
          { key: columns.clinics, value: key.tenantIds ? someClinics(key.tenantIds.length) : allClinics },
        ],
        once: texts.once,
        until: texts.until(exactTime(until, { timeZone: 'UTC', language: res.locals.t.common.lang })),
        action: `/api-keys/claims/${token}`,
        button: texts.button,
      });
    })
    .post('/:token', async (req, res) => {
      parseForm(noFields, req.body);
      const claimed = await service.claim(req.params.token, originOf(req, res));
      if (claimed.kind === 'made')
        return showPage(res, 'api-keys/made', shownKeyPage(claimed.key, res.locals.t, false));
      // Only a link that this request did not find open has this answer.
      if (claimed.kind === 'open') throw new Error('an open link made no key');
      return showEnded(res, claimed, true);
    });
