import type { confirm as english } from '../../en/connections/confirm.js';

export const confirm: typeof english = {
  company: 'Empresa',
  account: 'Número de cuenta',
  user: 'Usuario',
  unnamed: 'RingCentral no dio ningún nombre',
  extension: (number) => `Extensión ${number}`,
  linesLegend: '¿De quién debemos leer los faxes?',
  linesHint: 'Los usuarios de fax están marcados. La línea propia de una persona la marca usted.',
  noLines: 'RingCentral no muestra en esta cuenta ninguna línea que pueda recibir faxes.',
  service: 'Usuario de fax',
  person: 'Línea propia de una persona',
  userHeading: (user) => `El JWT actúa como ${user}`,
  userText: [
    'RingCentral no nos dice si este usuario es una persona o un usuario de servicio.',
    'Si es una persona y se va, RingCentral desactiva el usuario y ya no podemos leer faxes. El JWT de un usuario de servicio sigue funcionando.',
    'Puede confirmar ahora y reemplazar el JWT más adelante.',
  ],
  thisUser: 'este usuario',
  yes: 'Sí, es nuestra empresa',
  no: 'No, no somos nosotros',
  noHeading: '¿No es su empresa?',
  noText: 'Destruimos el JWT y no leemos nada. Después puede conectar la cuenta correcta.',
  forStaff: 'Más abajo, «usted» es la clínica. Pregunte a su personal antes de responder por ella.',
  viewer: 'Debe responder un propietario o un miembro de su clínica.',
  stale:
    'Algo cambió mientras esta página estaba abierta, así que no usamos su respuesta. Mire la página otra vez y responda.',
  done: {
    title: 'Ya está conectado',
    text: (isv, lines) =>
      lines === 0
        ? `Usted confirmó la empresa. Marque abajo una línea de fax para que ${isv} pueda leer faxes.`
        : `Usted confirmó la empresa. ${isv} ya puede leer los faxes de ${lines === 1 ? 'una línea' : `${lines} líneas`}. No tiene que hacer nada más.`,
  },
  staffHeading: 'La clínica no ha confirmado su empresa',
  staffText: 'No damos ningún acceso hasta que alguien de la clínica, o usted, lo confirme.',
};
