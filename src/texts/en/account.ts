/** The pages of a person's own account. */
export const account = {
  title: 'Your account',
  back: 'Back to the start page',
  name: 'Name',
  email: 'E-mail address',
  role: 'Role',
  roles: { administrator: 'Administrator', operator: 'Operator', auditor: 'Auditor' },
  secondFactor: 'Authenticator app',
  secondFactorStates: { inUse: 'Set up', notInUse: 'Not set up' },
  show: 'Show',
  setUp: 'Set up',
};
