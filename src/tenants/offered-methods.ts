/** Which ways to connect staff have chosen for a tenant. */
export const offeredMethods = ['both', 'jwt', 'authorization_code'] as const;
export type OfferedMethods = (typeof offeredMethods)[number];

export const isOfferedMethods = (value: string): value is OfferedMethods => offeredMethods.some((one) => one === value);

/**
 * Which ways a tenant's people see.
 *
 * @param hasSignInApp whether the ISV has an app with which people sign in; without it, a JWT is the only way
 */
export const methodsOffered = (chosen: OfferedMethods, hasSignInApp: boolean) => ({
  jwt: !hasSignInApp || chosen !== 'authorization_code',
  signIn: hasSignInApp && chosen !== 'jwt',
});
