import { Router } from 'express';
import { PortalError } from '../../platform/errors.js';
import type { Brand } from '../../platform/http/locals.js';
import type { OpenApi } from '../openapi.js';
import { apiPage } from './api-page.js';
import { errorPage } from './error-page.js';

/** `/docs/api` and `/docs/errors/:cause`: public, without script. */
export const docsRoutes = (document: OpenApi, { publicUrl, brand }: { publicUrl: string; brand: Brand }): Router =>
  Router()
    .get('/api', (_req, res) => {
      res.render('api/api', { page: apiPage(document, publicUrl, res.locals.t) });
    })
    .get('/errors/:cause', (req, res) => {
      const page = errorPage(req.params.cause, res.locals.t, brand);
      if (!page) throw new PortalError('not_found');
      res.render('api/error', { page });
    });
