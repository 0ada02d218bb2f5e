import type { RequestHandler } from 'express';
import type { Access } from './capability.js';

/** The main links in the frame of each page. */
export const navigation =
  (access: Access): RequestHandler =>
  (req, res, next) => {
    const { navItems } = res.locals.t.common;
    const { tenant, journey } = res.locals;
    /** Pages of one part of the portal may have different paths: pasting is a step of the guide. */
    const item = (text: string, href: string, ...others: string[]) => ({
      text,
      href,
      current: [href, ...others].some((start) => req.originalUrl.startsWith(start)),
    });
    if (access === 'member' && tenant)
      res.locals.nav = [
        item(navItems.connection, `/tenants/${tenant.id}/connection`),
        item(
          navItems.guide,
          `/tenants/${tenant.id}/guide`,
          `/tenants/${tenant.id}/credentials`,
          `/tenants/${tenant.id}/hand-offs`,
        ),
        item(navItems.people, `/tenants/${tenant.id}/people`),
      ];
    if (access === 'hand_off' && journey) {
      const { nav } = res.locals.t.handOffs;
      res.locals.nav = [
        item(nav.guide, journey.paths.guide, journey.paths.submissions),
        item(nav.result, journey.paths.result),
      ];
    }
    if (access === 'staff')
      res.locals.nav = [
        item(navItems.tenants, '/staff/tenants'),
        item(navItems.incidents, '/staff/incidents'),
        item(navItems.budget, '/staff/budget'),
      ];
    next();
  };
