import type { Router } from 'express';

/**
 * Who may reach a router. `app.ts` puts the guard in front, so a router cannot forget it; public says so here.
 *
 * - `public`: anyone. - `member`: signed-in members of the tenant in the path; anybody else gets a 404.
 * - `staff`: signed-in staff with a second factor; anybody else gets a 404 (or the sign-in page).
 * - `signed_in`: any signed-in person, second factor passed where it is compulsory.
 */
export type Access = 'public' | 'signed_in' | 'member' | 'staff';

/** One line of the portal's map of routes. Paths of `member` mounts hold `:tenantId`. */
export type Mount = { path: string; access: Access; router: Router };
