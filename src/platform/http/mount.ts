import type { Router } from 'express';

/**
 * Who may reach a router. `app.ts` puts the guard in front, so a router cannot forget it; public says so here.
 *
 * - `public`: anyone. - `member`: signed-in members of the tenant in the path; anybody else gets a 404.
 * - `staff`: signed-in staff with a second factor; anybody else gets a 404 (or the sign-in page).
 * - `hand_off`: who came by the hand-off link in the path, for as long as that visit lasts; anybody else gets a 404.
 * - `signed_in`: any signed-in person, second factor passed where it is compulsory.
 */
export type Access = 'public' | 'signed_in' | 'member' | 'hand_off' | 'staff';

/** One line of the portal's map of routes. Paths of `member` mounts hold `:tenantId`, those of `hand_off` mounts `:handOffId`. */
export type Mount = { path: string; access: Access; router: Router };
