import type { ApiRoute } from '../../../src/app/capability.js';
import type { Access, Mount } from '../../../src/app/capability.js';

export type Route = { method: ApiRoute['method']; path: string; access: Access | 'api' };
export type PageRoute = Route & { method: 'get' | 'post'; access: Access };

type Layer = { route?: { path: string; methods: Record<string, boolean> } | undefined };

/** Every route, read from the routers themselves, so new routes are found automatically. */
export function routesOf(mounts: readonly Mount[]): PageRoute[] {
  return mounts.flatMap(({ path, access, router }) =>
    (router as unknown as { stack: Layer[] }).stack.flatMap(({ route }) => {
      if (!route) return [];
      const full = `${path}${route.path === '/' ? '' : route.path}`;
      return Object.keys(route.methods).map((method): PageRoute => {
        if (method !== 'get' && method !== 'post') throw new Error(`${method} ${full}: pages need GET and POST only`);
        return { method, path: full, access };
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
