import express, { Router, type Express } from 'express';
import { hostGuard } from '../listening/host-guard.js';
import type { Core } from '../core.js';

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** The company's own sign-in server: a third host between RingCentral and the app. It redirects once before its page. */
export function companySsoApp({ signIns }: Pick<Core, 'signIns'>, views: string, allowedHosts: string[]): Express {
  const app = express();
  app.disable('x-powered-by').set('view engine', 'ejs').set('views', views);
  const routes = Router()
    .get('/start', (req, res) => {
      res.redirect(302, `/sso/sign-in?request=${encodeURIComponent(text(req.query['request']))}`);
    })
    .get('/sign-in', (req, res) => {
      const request = text(req.query['request']);
      const signIn = signIns.find(request);
      if (!signIn) {
        res.status(404).json({ error: 'no such sign-in' });
        return;
      }
      // No form-action: browsers also apply it to the redirects that follow this page.
      res.set({ 'Content-Security-Policy': "default-src 'none'; base-uri 'none'", 'Cache-Control': 'no-store' });
      res.render('console/company-sso', { ...signIn, request });
    })
    .post('/sign-in', express.urlencoded({ extended: false }), (req, res) => {
      const { request, decision } = (req.body ?? {}) as Record<string, unknown>;
      const back = signIns.finish(text(request), decision === 'sign_in');
      if (back === undefined) res.status(404).json({ error: 'no such sign-in' });
      else res.redirect(302, back);
    });
  app.use(hostGuard(allowedHosts)).use('/sso', routes);
  return app;
}
