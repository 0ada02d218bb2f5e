/** The search of the list of clinics, and what its filters say. */
export const search = {
  label: 'Find a clinic',
  hint: 'Type the beginning of any word of its name, or of your own ID for it.',
  button: 'Search',
  found: (count: number, shown: string, typed: string) =>
    count === 1 ? `1 clinic matches “${typed}”.` : `${shown} clinics match “${typed}”.`,
  foundMany: (typed: string) => `Very many clinics match “${typed}”. Type more letters to see fewer.`,
  none: (typed: string) => `No clinic matches “${typed}”.`,
  noneStep: 'Check the spelling, or type fewer letters. Each word you type must begin a word of the name or ID.',
  noneHere: (typed: string) => `No clinic in this list matches “${typed}”.`,
  end: 'No more clinics match.',
  everywhere: 'Search all clinics',
  clear: 'Show all clinics',
  stopped: 'The search is not finished.',
  goOn: 'Continue the search',
  filters: (chosen: string) => `Filter: ${chosen}`,
  silent: (days: number) => `Invited, no answer for ${days} days`,
  emptySilent: (days: number) => `No clinic has left its invitation without an answer for ${days} days.`,
  orMore: (shown: string) => `${shown} or more`,
};
