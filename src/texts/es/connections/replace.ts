import type { replace as english } from '../../en/connections/replace.js';

export const replace: typeof english = {
  title: 'Reemplazar la conexión',
  backLink: 'Conexión',
  link: 'Reemplazar',
  now: {
    heading: 'Lo que funciona ahora',
    failsHeading: 'Lo que está conectado ahora',
    what: 'Se dio como',
    given: {
      jwt: (by) => (by === null ? 'JWT' : `JWT, pegado por ${by}`),
      authorization_code: (by) =>
        by === null ? 'Inicio de sesión en RingCentral' : `Inicio de sesión en RingCentral de ${by}`,
    },
    since: 'Cuándo',
    user: 'Actúa como',
    company: 'Empresa',
    lines: 'Lee los faxes de',
    noLines: 'Ninguna línea de fax',
    moreLines: (count) => `y ${count} más`,
  },
  goesOn: 'Esto sigue en uso hasta que RingCentral acepte lo nuevo. Si lo rechaza, no cambia nada.',
  fails: 'RingCentral lo rechaza por ahora. Sigue en su lugar hasta que RingCentral acepte lo nuevo.',
  waits: 'Antes se dio uno nuevo que aún no está comprobado. Otro ocupa su lugar.',
  label: 'Pegue el JWT nuevo',
  hint: 'Créelo para la misma empresa en RingCentral. Empieza por eyJ.',
  button: 'Comprobar y reemplazar',
  how: 'Cómo crear un JWT',
  signIn: {
    heading: 'O inicie sesión en RingCentral',
    onlyHeading: 'Inicie sesión en RingCentral de nuevo',
    text: 'Para eso no necesita ningún JWT. La conexión actúa entonces como la persona que inicia sesión.',
    button: 'Iniciar sesión en RingCentral',
    goesTo: (host) => `Sale de nuestro sitio y va a ${host}.`,
  },
  inUse: (at) => `Este es el JWT que está en uso desde ${at}. Cree uno nuevo en RingCentral y péguelo.`,
  nothingStored: 'Lo que pegó no se guardó ni se envió a ningún lugar. La conexión no cambió.',

  old: {
    heading: 'Elimine el JWT anterior en RingCentral',
    replaced: (at) => `Reemplazado: ${at}. Ninguna tarea recibe ya un token con el JWT anterior.`,
    alive: 'Hasta que se elimine, quien tenga el JWT anterior puede leer sus faxes con él.',
    which: (pasted, by) => (by === null ? `Se pegó: ${pasted}.` : `Lo pegó ${by}: ${pasted}.`),
    open: 'Abra su lista de JWT en RingCentral.',
    remove: (pasted) => `Elimine el que se creó antes de ${pasted}.`,
    keepNewest: 'Conserve el más nuevo: está en uso.',
    say: 'Vuelva y elija “Lo eliminé”. Entonces probamos el JWT anterior.',
    button: 'Lo eliminé',
    trying: 'El JWT anterior se está probando ahora. Esta página muestra la respuesta por sí sola.',
    later: (at) => `Hemos anotado que lo eliminó. Probamos el JWT anterior (${at}).`,
    works: (at) =>
      `Lo probamos (${at}) y RingCentral aún lo acepta. No está eliminado. Cerramos esa sesión de inmediato.`,
    refused: (at, next) =>
      next === null
        ? `RingCentral lo rechazó (${at}). Preguntamos una vez más antes de decir que está eliminado.`
        : `RingCentral lo rechazó (${at}). Preguntamos una vez más (${next}) antes de decir que está eliminado.`,
    unclear: (at, next) =>
      next === null
        ? `Lo probamos (${at}), sin respuesta clara.`
        : `Lo probamos (${at}), sin respuesta clara. Probamos de nuevo (${next}).`,
    daily: 'Lo probamos una vez al día.',
    kept: (until) => `Lo guardamos sellado hasta ${until}, solo para probar si se eliminó. Después lo destruimos.`,
    deadHeading: 'El JWT anterior está eliminado',
    dead: (at) => `RingCentral rechaza el JWT anterior: comprobado (${at}). Destruimos nuestra copia.`,
    unprovedHeading: 'No se comprobó que el JWT anterior esté eliminado',
    unproved: (at) =>
      `Lo guardamos siete días y destruimos nuestra copia: ${at}. Ya no podemos probarlo, así que vea en RingCentral si está eliminado.`,
  },
  oldForStaff: {
    heading: 'La clínica debe eliminar un JWT anterior',
    alive: 'Hasta que la clínica lo elimine, quien tenga el JWT anterior puede leer sus faxes.',
    trying: 'El JWT anterior se está probando ahora. Vuelva a cargar esta página para ver la respuesta.',
    later: (at) => `Una persona de la clínica dijo que se eliminó. Probamos el JWT anterior (${at}).`,
    unproved: (at) => `Lo guardamos siete días y destruimos nuestra copia: ${at}. No se sabe si la clínica lo eliminó.`,
  },
};
