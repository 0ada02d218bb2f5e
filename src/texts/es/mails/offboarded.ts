import type { offboarded as english } from '../../en/mails/offboarded.js';

export const offboarded: typeof english = {
  subject: ({ isv, tenant }) => `${isv}: terminó el acceso de ${tenant}`,
  what: ({ isv, tenant, at }) => `${isv} terminó el acceso de ${tenant} el ${at}.`,
  people:
    'Las personas de la clínica ya no pueden entrar en ella. Las invitaciones y los enlaces abiertos ya no sirven.',
  stopped: ({ isv }) =>
    `${isv} ya no descarga sus faxes de RingCentral. Los faxes que no se descargaron se quedan allí.`,
  undo: ({ isv, until }) => `${isv} puede deshacerlo hasta el ${until}. Después, la clínica debe conectarse de nuevo.`,
  erased: ({ at }) => `Después del ${at} borramos nombres, direcciones y otros datos personales de la clínica.`,
  receiptAttached: 'El recibo de la desconexión va adjunto.',
  receiptLater: 'Enviamos el recibo de la desconexión en otro correo.',
  deleteJwt: 'Elimine el JWT en RingCentral: Developer Console, su nombre, Credentials.',
  keptUntil: ({ on }) => `Guardamos el JWT cifrado hasta el ${on} como máximo, y ningún programa puede usarlo.`,
  noReceipt: 'No había ninguna conexión con RingCentral en uso, así que no hay recibo.',
  button: 'Abrir la página',
  mistake: 'Si esto es un error, responda a este correo.',
  undone: {
    subject: ({ isv, tenant }) => `${isv}: ${tenant} vuelve a tener acceso`,
    what: ({ isv, tenant, at }) => `${isv} devolvió el acceso a ${tenant} el ${at}.`,
    next: 'Las personas de la clínica pueden entrar otra vez, y no se borró nada. Hay que conectar RingCentral de nuevo.',
    button: 'Abrir la página',
  },
  receipt: {
    subject: ({ isv, tenant }) => `${isv}: recibo para ${tenant}`,
    what: ({ isv, tenant, at }) => `La conexión de ${tenant} con ${isv} terminó el ${at}. Este es el recibo.`,
    keep: 'Conserve el archivo adjunto. Las páginas de la clínica están cerradas.',
    verify: 'Cualquiera puede comprobar el archivo sin conexión: latchkey receipt verify FILE --key KEYS.',
    keys: ({ url }) => `Las claves: ${url}`,
    unsigned: 'El recibo no está firmado: nada muestra si se cambió.',
  },
};
