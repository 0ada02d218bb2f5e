import type { Router } from 'express';

/**
 * Who may reach a router. `pages-app.ts` adds the guard, so a router cannot forget it; a public router must say so.
 *
 * - `public`: everyone. - `member`: signed-in members of the tenant in the path; others get a 404.
 * - `staff`: signed-in staff with a second factor; others get a 404 (or the sign-in page).
 * - `hand_off`: visitors of the hand-off link in the path, while the visit lasts; others get a 404.
 * - `signed_in`: any signed-in person, with a second factor if one is required.
 */
export type Access = 'public' | 'signed_in' | 'member' | 'hand_off' | 'staff';

/**
 * One entry of the portal's route map. Paths of `member` mounts contain `:tenantId`, those of `hand_off` mounts
 * `:handOffId`.
 */
export type Mount = { path: string; access: Access; router: Router };
