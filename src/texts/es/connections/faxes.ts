import type { faxes as english } from '../../en/connections/faxes.js';

export const faxes: typeof english = {
  lastFetched: (time) => `Los faxes se descargaron por última vez el ${time}.`,
  lineFetched: (time) => `Sus faxes se descargaron por última vez el ${time}.`,
  lineNeverFetched: 'Todavía no se han descargado sus faxes.',
  mailbox: {
    fine: (count) => `Su buzón tenía ${count} de 200 mensajes.`,
    filling: (count) => `Su buzón se estaba llenando, con ${count} de 200 mensajes.`,
    full: (count) => `Su buzón estaba lleno, con ${count} mensajes. RingCentral conserva 200.`,
    willBeFull: (date) => `A ese ritmo estará lleno el ${date}.`,
    shouldBeFull: (date) => `A ese ritmo está lleno desde el ${date}.`,
  },
  quiet: (date, days) =>
    `Está más tranquila de lo habitual. El último fax nuevo se descargó el ${date}. Antes llegaba uno ${days}.`,
  every: (days) => (days === 1 ? 'más o menos cada día' : `más o menos cada ${days} días`),
  quietNote: (line, date) =>
    `En ${line} no ha llegado ningún fax nuevo desde el ${date}, lo que no es habitual. Si no lo esperaba, envíele un fax de prueba.`,
  left: (count) =>
    count === 1 ? 'Todavía no se pudo descargar 1 fax.' : `Todavía no se pudieron descargar ${count} faxes.`,
  lost: (count) =>
    count === 1
      ? '1 fax desapareció antes de que se pudiera descargar.'
      : `${count} faxes desaparecieron antes de que se pudieran descargar.`,
  gaps: 'Es posible que algunos faxes salieran del buzón antes de que se pudieran descargar.',
};
