import type { ApiRoute, Pages } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import { docsRoutes } from './docs/docs-routes.js';
import { openApiOf } from './openapi.js';

/** The OpenAPI document of the calls, and the pages that are made from it. */
export const apiDescription =
  ({ config, brand }: Pick<Foundation, 'config' | 'brand'>) =>
  (calls: readonly ApiRoute[]): { document: object; pages: Pages } => {
    const { PUBLIC_URL: publicUrl } = config;
    const document = openApiOf(calls, { publicUrl, title: `${brand.name}: Latchkey API` });
    const router = docsRoutes(document, { publicUrl, brand });
    return { document, pages: { mounts: [{ path: '/docs', access: 'public', router }] } };
  };
