import type { ApiRoute } from '../../../src/app/capability.js';
import type { Access, Mount } from '../../../src/app/capability.js';
import type { ClinicRole } from '../../../src/app/clinic-roles.js';

/** `needs`: the least role of a clinic that a route of access `member` declares. */
export type Route = {
  method: ApiRoute['method'];
  path: string;
  access: Access | 'api';
  needs?: ClinicRole | undefined;
};
export type PageRoute = Route & { method: 'get' | 'post'; access: Access };

type Layer = { route?: { path: string; methods: Record<string, boolean> } | undefined };

/** Every route, read from the routers themselves, so new routes are found automatically. */
export function routesOf(mounts: readonly Mount[]): PageRoute[] {
  return mounts.flatMap(({ path, access, needs, router }) =>
    (router as unknown as { stack: Layer[] }).stack.flatMap(({ route }) => {
      if (!route) return [];
      const full = `${path}${route.path === '/' ? '' : route.path}`;
      return Object.keys(route.methods).map((method): PageRoute => {
        if (method !== 'get' && method !== 'post') throw new Error(`${method} ${full}: pages need GET and POST only`);
        const declared: Partial<Record<string, ClinicRole>> = needs ?? {};
        return { method, path: full, access, needs: declared[`${method} ${route.path}`] };
      });
    }),
  );
}

/** Every call of the API, with its parameters named as those of pages are. */
export const apiRoutesOf = (routes: readonly ApiRoute[]): Route[] =>
  routes.map(({ method, path }) => ({
    method,
    path: `/api/v1${path.replaceAll('{tenant}', ':tenantId')}`,
    access: 'api',
  }));
