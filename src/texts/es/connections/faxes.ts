import type { faxes as english } from '../../en/connections/faxes.js';

export const faxes: typeof english = {
  lastFetched: (time) => `La última vez que se recogieron faxes: ${time}.`,
  lineFetched: (time) => `La última vez que se recogieron sus faxes: ${time}.`,
  lineNeverFetched: 'Todavía no se recogieron sus faxes.',
  mailbox: {
    fine: (count) => `Su buzón tenía ${count} de 200 mensajes.`,
    filling: (count) => `Su buzón se estaba llenando, con ${count} de 200 mensajes.`,
    full: (count) => `Su buzón estaba lleno, con ${count} mensajes. RingCentral conserva 200.`,
    willBeFull: (date) => `A ese ritmo estará lleno el ${date}.`,
    shouldBeFull: (date) => `A ese ritmo está lleno desde el ${date}.`,
  },
  quiet: (date, days) =>
    `Está más tranquila de lo habitual: el último fax nuevo se recogió el ${date}. Hasta entonces llegaba uno ${days}.`,
  every: (days) => (days === 1 ? 'más o menos cada día' : `más o menos cada ${days} días`),
  quietNote: (line, date) =>
    `En ${line} no ha entrado ningún fax nuevo desde el ${date}, y no es lo habitual. Si le sorprende, envíele un fax para probarla.`,
  left: (count) =>
    count === 1 ? 'Todavía no se pudo recoger 1 fax.' : `Todavía no se pudieron recoger ${count} faxes.`,
  lost: (count) =>
    count === 1
      ? '1 fax desapareció antes de que se pudiera recoger.'
      : `${count} faxes desaparecieron antes de que se pudieran recoger.`,
  gaps: 'Es posible que algunos faxes se desplazaran del buzón antes de que se pudieran recoger.',
};
