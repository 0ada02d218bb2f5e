/** The page about what belongs to no clinic. */
export const activity = {
  title: 'Activity outside clinics',
  lead: "Sign-ins, staff work and refused requests. Activity of a clinic is on that clinic's page.",
  address: 'Address',
};
