import type { Access, Mount } from '../../../src/platform/http/mount.js';

export type Route = { method: 'get' | 'post'; path: string; access: Access };

type Layer = { route?: { path: string; methods: Record<string, boolean> } | undefined };

/** Every route, read from the routers themselves, so new routes are found automatically. */
export function routesOf(mounts: readonly Mount[]): Route[] {
  return mounts.flatMap(({ path, access, router }) =>
    (router as unknown as { stack: Layer[] }).stack.flatMap(({ route }) => {
      if (!route) return [];
      const full = `${path}${route.path === '/' ? '' : route.path}`;
      return Object.keys(route.methods).map((method): Route => {
        if (method !== 'get' && method !== 'post') throw new Error(`${method} ${full}: pages need GET and POST only`);
        return { method, path: full, access };
      });
    }),
  );
}
