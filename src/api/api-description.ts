import type { ApiRoute, Pages } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import { docsRoutes } from './docs/docs-routes.js';
import { openApiOf, type Webhook } from './openapi.js';

/** The OpenAPI document of the calls and webhooks, and the pages that are made from it. */
export const apiDescription =
  ({ config, brand }: Pick<Foundation, 'config' | 'brand'>, webhooks: readonly Webhook[]) =>
  (calls: readonly ApiRoute[]): { document: object; pages: Pages } => {
    const { PUBLIC_URL: publicUrl } = config;
    const document = openApiOf(calls, webhooks, { publicUrl, title: `${brand.name}: Latchkey API` });
    const router = docsRoutes(document, { publicUrl, brand });
    return { document, pages: { mounts: [{ path: '/docs', access: 'public', router }] } };
  };
