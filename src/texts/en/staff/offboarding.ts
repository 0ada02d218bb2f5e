/** What is held on a clinic, and how a clinic leaves. */
export const dataExport = {
  link: 'Download the data of this clinic',
  title: 'Download the data of this clinic',
  what: 'The file holds everything that we hold on the clinic, as one JSON object.',
  without: 'It holds no JWT, no token, no password and no key.',
  care: 'It has names and email addresses of people. Store it with care.',
  button: 'Download the file',
};
