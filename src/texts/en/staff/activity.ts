/** The page about what belongs to no clinic. */
export const activity = {
  title: 'Activity outside clinics',
  lead: 'Sign-ins, staff work and refused requests. What concerns one clinic is on the page of that clinic.',
  address: 'Address',
};
