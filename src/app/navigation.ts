import type { RequestHandler } from 'express';
import { allows } from './clinic-roles.js';
import type { Access } from './capability.js';

/** The main links in the frame of each page. */
export const navigation =
  (access: Access): RequestHandler =>
  (req, res, next) => {
    const { navItems } = res.locals.t.common;
    const { tenant, journey, membership } = res.locals;
    /** Pages of one part of the portal may have different paths: pasting is a step of the guide. */
    const item = (text: string, href: string, ...others: string[]) => ({
      text,
      href,
      current: [href, ...others].some((start) => req.originalUrl.startsWith(start)),
    });
    if (access === 'member' && tenant && membership) {
      const path = (rest: string) => `/tenants/${tenant.id}/${rest}`;
      res.locals.nav = [
        item(navItems.connection, path('connection')),
        ...(allows(membership.role, 'member')
          ? [item(navItems.guide, path('guide'), path('credentials'), path('hand-offs'))]
          : []),
        item(navItems.people, path('people')),
        item(navItems.activity, path('activity')),
      ];
    }
    if (access === 'hand_off' && journey) {
      const { nav } = res.locals.t.handOffs;
      const { guide, submissions, result } = journey.paths;
      res.locals.nav = [item(nav.guide, guide, submissions), item(nav.result, result)];
    }
    if (access === 'staff')
      res.locals.nav = [
        { ...item(navItems.overview, '/staff'), current: /^\/staff\/?(\?|$)/.test(req.originalUrl) },
        item(navItems.tenants, '/staff/tenants', '/staff/offboarded', '/staff/clinics-'),
        item(navItems.preflight, '/staff/preflight'),
        item(navItems.incidents, '/staff/incidents'),
        item(navItems.budget, '/staff/budget'),
        item(navItems.activity, '/staff/activity'),
        item(navItems.staff, '/staff/people'),
        item(navItems.apiKeys, '/staff/api-keys'),
        item(navItems.webhooks, '/staff/webhooks'),
      ];
    next();
  };
