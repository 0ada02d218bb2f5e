import type { replace as english } from '../../en/connections/replace.js';

export const replace: typeof english = {
  title: 'Reemplazar la conexión',
  backLink: 'Conexión',
  link: 'Reemplazar',
  now: {
    heading: 'Lo que funciona ahora',
    failsHeading: 'Lo que está conectado ahora',
    what: 'Conectado con',
    given: {
      jwt: (by) => (by === null ? 'JWT' : `JWT, pegado por ${by}`),
      authorization_code: (by) =>
        by === null ? 'Inicio de sesión en RingCentral' : `Inicio de sesión en RingCentral de ${by}`,
    },
    since: 'Conectado el',
    user: 'Actúa como',
    company: 'Empresa',
    lines: 'Lee los faxes de',
    noLines: 'Ninguna línea de fax',
    moreLines: (count) => `y ${count} más`,
  },
  goesOn: 'Esta conexión sigue en uso hasta que RingCentral acepte la nueva. Si la rechaza, no cambia nada.',
  fails: 'RingCentral la rechaza por ahora. Se conserva hasta que RingCentral acepte la nueva.',
  waits: 'Usted ya nos dio uno nuevo que aún no confirmamos. Otro lo reemplaza.',
  label: 'Pegue el JWT nuevo',
  hint: 'Créelo en la misma empresa de RingCentral. Empieza con eyJ.',
  button: 'Comprobar y reemplazar',
  how: 'Cómo crear un JWT',
  signIn: {
    heading: 'O inicie sesión en RingCentral',
    onlyHeading: 'Inicie sesión en RingCentral de nuevo',
    text: 'Para esto no necesita un JWT. La conexión actúa entonces como la persona que inicia sesión.',
    button: 'Iniciar sesión en RingCentral',
    goesTo: (host) => `El botón abre ${host}.`,
  },
  inUse: (at) => `Este JWT está en uso desde: ${at}. Cree uno nuevo en RingCentral y péguelo.`,
  nothingStored: 'No guardamos lo que pegó ni lo enviamos a ninguna parte. La conexión no cambió.',

  old: {
    heading: 'Elimine el JWT anterior en RingCentral',
    replaced: (at) => `El JWT anterior se reemplazó ${at}. Ninguna tarea recibe ya un token con él.`,
    alive: 'Hasta que lo elimine, cualquiera que tenga el JWT anterior puede leer sus faxes con él.',
    which: (pasted, by) => (by === null ? `Se pegó ${pasted}.` : `${by} lo pegó ${pasted}.`),
    open: 'Abra su lista de JWT en RingCentral.',
    remove: (pasted) => `Elimine el que se creó antes de: ${pasted}.`,
    keepNewest: 'Conserve el más nuevo: está en uso.',
    say: 'Vuelva y elija “Lo eliminé”. Entonces probamos el JWT anterior.',
    button: 'Lo eliminé',
    trying: 'Estamos probando el JWT anterior. Esta página se actualiza cuando llega la respuesta.',
    later: (at) => `Registramos que lo eliminó. Probaremos el JWT anterior ${at}.`,
    works: (at) =>
      `Lo probamos ${at} y RingCentral aún lo acepta. No está eliminado. Cerramos esa sesión de inmediato.`,
    refused: (at, next) =>
      next === null
        ? `RingCentral lo rechazó ${at}. Consultaremos de nuevo para confirmar que está eliminado.`
        : `RingCentral lo rechazó ${at}. Consultaremos de nuevo ${next} para confirmar que está eliminado.`,
    refusedAgain: (at, next) =>
      next === null
        ? `RingCentral lo rechazó otra vez ${at}. Consultaremos de nuevo cuando RingCentral acepte otro JWT nuestro.`
        : `RingCentral lo rechazó otra vez ${at}. Consultaremos de nuevo ${next}. Hasta entonces, RingCentral debe aceptar otro JWT nuestro.`,
    unclear: (at, next) =>
      next === null
        ? `Lo probamos ${at}, sin respuesta clara.`
        : `Lo probamos ${at}, sin respuesta clara. Probaremos de nuevo ${next}.`,
    daily: 'Lo probamos una vez al día.',
    kept: (until) =>
      `Lo guardamos cifrado hasta el ${until}, solo para comprobar si se eliminó. Después lo destruimos.`,
    deadHeading: 'El JWT anterior está eliminado',
    dead: (at) => `RingCentral rechaza el JWT anterior. Lo confirmamos ${at} y destruimos nuestra copia.`,
    unprovedHeading: 'No pudimos confirmar que el JWT anterior esté eliminado',
    unproved: (at) =>
      `Lo guardamos siete días y destruimos nuestra copia ${at}. Ya no podemos probarlo, así que compruebe en RingCentral que está eliminado.`,
    onlyRefused: (at) =>
      `RingCentral lo rechazó cada vez, pero nada mostró que aceptara otros de nosotros. Destruimos nuestra copia ${at}. Compruebe en RingCentral que está eliminado.`,
    destroyedOnRequest: (at) =>
      `Una persona pidió que destruyéramos nuestra copia, y lo hicimos ${at}. Ya no podemos probarlo, así que vea en RingCentral si está eliminado.`,
  },
  oldForStaff: {
    heading: 'La clínica debe eliminar un JWT anterior',
    replaced: (at) => `La clínica reemplazó el JWT anterior ${at}. Ninguna tarea recibe ya un token con él.`,
    alive: 'Hasta que la clínica lo elimine, quien tenga el JWT anterior puede leer sus faxes.',
    trying: 'El JWT anterior se está probando ahora. Vuelva a cargar esta página para ver la respuesta.',
    later: (at) => `Una persona de la clínica dijo que se eliminó. Probamos el JWT anterior (${at}).`,
    unproved: (at) => `Lo guardamos siete días y destruimos nuestra copia: ${at}. No se sabe si la clínica lo eliminó.`,
    onlyRefused: (at) =>
      `RingCentral lo rechazó cada vez, pero nada mostró que aceptara otros de nosotros. Destruimos nuestra copia ${at}.`,
    destroyedOnRequest: (at) =>
      `Una persona pidió que destruyéramos nuestra copia, y lo hicimos ${at}. No se sabe si la clínica lo eliminó.`,
  },
};
