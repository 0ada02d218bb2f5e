import type { connections as english } from '../en/connections.js';
import { causes } from './causes.js';
import { faxes } from './connections/faxes.js';
import { replace } from './connections/replace.js';

export const connections: typeof english = {
  causes,
  faxes,
  replace,
  title: 'Conexión',
  toGuide: 'Empezar a conectar',
  pasteNew: 'Pegar un JWT nuevo',
  howToMake: 'Muéstreme cómo crear un JWT',
  checkAgain: 'Comprobar otra vez',
  checkNow: 'Comprobar ahora',
  tooManyChecks: (time) => `Se comprobó muchas veces en poco tiempo. Podrá comprobar otra vez ${time}.`,
  viewer: 'Usted puede ver esta página. Para cambiar la conexión, pregunte a un propietario o miembro de su clínica.',
  lookAgain: 'Mostrar la página de nuevo',

  states: {
    not_connected: 'Sin conectar',
    pending: 'En preparación',
    healthy: 'Conectado',
    warning: 'Conectado, revíselo pronto',
    failing: 'No funciona',
    unverified: 'Sin confirmar',
    disconnected: 'Desconectado',
  },

  headings: {
    not_connected: 'RingCentral todavía no está conectado',
    refused: 'El JWT no se aceptó',
    checking: 'Se está comprobando su JWT',
    fix: 'Falta una cosa para que funcione',
    othersFix: 'Guardamos su JWT hasta que esto se arregle',
    retry: 'Todavía no se pudo comprobar su JWT',
    healthy: 'RingCentral está conectado',
    warning: 'RingCentral está conectado, pero mire esto',
    failing: 'La conexión con RingCentral no funciona',
    unverified: 'La conexión no se ha confirmado últimamente',
    disconnected: 'RingCentral está desconectado',
  },

  leads: {
    not_connected: (isv) => [
      `${isv} todavía no puede leer sus faxes.`,
      'Lleva unos 5 minutos. La guía dice lo que necesita.',
    ],
    checking: ['Estamos preguntando a RingCentral. Esta página muestra la respuesta por sí sola.'],
    turn: (isv, time) => [
      `RingCentral permite a ${isv} preguntar solo unas pocas veces por minuto. Su turno: ${time}.`,
      'Esta página muestra la respuesta por sí sola. También puede salir y volver.',
    ],
    retry: (time) => [`Hemos guardado su JWT. Volveremos a comprobarlo: ${time}.`, 'No tiene que hacer nada.'],
    healthy: (isv) => [`${isv} puede leer sus faxes. No tiene que hacer nada.`],
    serving: (isv) => [`${isv} puede leer sus faxes.`],
    warning: (isv) => [`Hoy ${isv} puede leer sus faxes.`],
    noLine: (isv) => [`${isv} no lee ningún fax hasta que usted marque una línea.`],
    failing: (isv) => [`En este momento ${isv} no puede leer sus faxes.`],
    unverified: ['Funcionaba cuando tuvimos la última respuesta. Desde entonces no ha terminado ninguna comprobación.'],
    lineChosen: (time) => [`Usted marcó líneas para leer. Las comprobaremos: ${time}.`],
    disconnected: (isv) => [`${isv} ya no puede leer sus faxes.`],
  },
  unansweredLead: (why, at, confirmed) => [
    `${why} (${at}). Última confirmación: ${confirmed}.`,
    'Volveremos a preguntar por nuestra cuenta. No tiene que hacer nada.',
  ],
  noAnswer: {
    error: 'RingCentral respondió con un error',
    unreachable: 'No pudimos llegar a RingCentral',
    unclear: 'RingCentral no dio una respuesta clara',
    rateLimited: 'RingCentral nos pidió esperar',
    ours: (isv) => `RingCentral rechazó la aplicación de ${isv}, no su JWT`,
  },

  deadline: (date) =>
    `RingCentral conserva los faxes 30 días, o los 200 más recientes. Después del ${date} pueden perderse faxes.`,
  deadlineOver: (date) =>
    `RingCentral conserva los faxes 30 días, o los 200 más recientes. Desde el ${date} pueden haberse perdido faxes.`,
  refusedAt: (time) => `El JWT no se aceptó y aquí está destruido. Se pegó: ${time}.`,
  suspect: (at, next) =>
    next === null
      ? `RingCentral rechazó el JWT una vez: ${at}. Preguntamos otra vez antes de creerlo.`
      : `RingCentral rechazó el JWT una vez: ${at}. Preguntaremos otra vez: ${next}.`,
  suspectAccount: (at, next) =>
    next === null
      ? `RingCentral indicó otro usuario u otra cuenta para el JWT (${at}). Preguntaremos otra vez antes de creerlo.`
      : `RingCentral indicó otro usuario u otra cuenta para el JWT (${at}). Volveremos a preguntar: ${next}.`,
  checkRunning: 'Ahora se está haciendo una comprobación. Esta página muestra la respuesta por sí sola.',

  history: {
    heading: (days: number) => `Los últimos ${days} días`,
    days: (state: string, count: number) => (count === 1 ? `${state} en 1 día` : `${state} en ${count} días`),
    asTable: 'Cada uno de estos días en palabras',
    utc: 'Los días son de UTC. Cada uno muestra lo peor que se halló en él.',
    span: (from: string, to: string) => `${from} a ${to}`,
    troubles: 'Cuándo no funcionó',
    notYet: 'Todavía no',
    columns: {
      days: 'Días',
      state: 'Estado',
      cause: 'Causa',
      began: 'Empezó',
      ended: 'Terminó',
      fixed: 'Cómo se resolvió',
    },
    fixed: { new_credential: 'Se conectó de nuevo', check: 'RingCentral lo acepta de nuevo' },
    by: {
      new_credential: (name: string) => `Lo hizo ${name}`,
      check: (name: string) => `${name} pidió la comprobación`,
    },
  },

  ownerChange: {
    heading: 'Se cambió el usuario de RingCentral',
    seen: (at) => `RingCentral muestra distinto al usuario del JWT desde nuestra comprobación: ${at}.`,
    status: (before, now) => `Estado: antes ${before}, ahora ${now}.`,
    type: (before, now) => `Tipo de usuario: antes ${before}, ahora ${now}.`,
    admin: 'Administrador: antes el usuario lo era, ahora no lo es.',
    roles: (before, now) => `Roles: antes ${before}, ahora ${now}.`,
    role: (id) => `rol ${id}`,
    noRole: 'ninguno',
    statuses: {
      Enabled: 'Enabled (activado)',
      Disabled: 'Disabled (desactivado)',
      Frozen: 'Frozen (bloqueado)',
      NotActivated: 'Not Activated (sin activar)',
      Unassigned: 'Unassigned (sin asignar)',
    },
    may: {
      status: 'Es posible que RingCentral rechace pronto el JWT de un usuario que no está activado.',
      type: 'Algunos tipos de usuario no pueden iniciar sesión. Es posible que RingCentral rechace pronto el JWT.',
      rights: 'Con menos permisos, es posible que el usuario ya no vea todas las líneas de fax.',
    },
    why: 'RingCentral no dice quién lo cambió ni por qué.',
    look: {
      clinic: 'Un administrador de su cuenta de RingCentral puede mirar el usuario y decir si fue a propósito.',
      staff:
        'Un administrador de la cuenta de RingCentral de la clínica puede mirar el usuario y decir si fue a propósito.',
    },
    meant: {
      status: 'Si fue a propósito, cree un JWT con otro usuario y péguelo aquí antes de que este deje de funcionar.',
      rights: 'Si fue a propósito y abajo se pueden leer todas las líneas, no queda nada por hacer.',
    },
  },

  owners: {
    tenant: 'Su clínica puede arreglarlo',
    isv: (isv) => `Lo tiene que arreglar ${isv}`,
    ringcentral: 'Lo tiene que arreglar RingCentral',
    nobody: 'Se arregla por sí solo',
    notYou: 'No lo causó su clínica',
  },
  fix: {
    heading: 'Qué hacer',
    nothingToDo: 'No tiene que hacer nada. Cuando esté arreglado, la próxima comprobación lo notará.',
    signInInstead: 'No puedo abrir la consola para desarrolladores: iniciar sesión en RingCentral',
    signInAsAnother: 'Iniciar sesión como otro usuario de RingCentral',
    clientId: (app) => `Client ID de ${app}`,
    appName: 'Nombre de la aplicación, para comparar',
    permission: (name) => `RingCentral llama ${name} a lo que falta.`,
    otherEnvironment: {
      title: 'Este JWT es de otro entorno de RingCentral',
      what: 'Las cuentas de AT&T y Verizon tienen un entorno propio. Un JWT de un entorno puede no funcionar en el otro.',
      otherwise: 'Si el JWT es de la cuenta correcta:',
      step: (isv) => `Diga a ${isv} si su compañía telefónica es AT&T o Verizon.`,
    },
    line: (name) => `Se trata de ${name}.`,
    openConsole: 'Abrir la consola de RingCentral',
    goesTo: (host) => `Usted sale de nuestro portal y va a ${host}.`,
    kept: (date) => `Guardamos su JWT hasta el ${date}. Nadie tiene que pegarlo otra vez.`,
    nextTry: (time) => `También lo comprobamos por nuestra cuenta: ${time}.`,
  },

  replacement: {
    heading: 'El JWT nuevo',
    stillServes: 'El JWT anterior todavía funciona y sigue en uso hasta que el nuevo esté probado.',
    stillFails: 'El JWT anterior sigue en su sitio hasta que el nuevo esté probado.',
    checking: 'Se está comprobando el JWT nuevo. Esta página muestra la respuesta por sí sola.',
    turn: (isv, time) =>
      `RingCentral permite a ${isv} preguntar solo unas pocas veces por minuto. Turno del JWT nuevo: ${time}.`,
    retry: (time) => `Hemos guardado el JWT nuevo. Volveremos a comprobarlo: ${time}.`,
    refused: 'El JWT nuevo no se aceptó',
  },

  facts: {
    heading: 'Conectado como',
    headingBefore: 'Estuvo conectado como',
    company: 'Empresa',
    user: 'Usuario de RingCentral',
    extension: (number) => `extensión ${number}`,
    account: 'Número de cuenta',
    since: 'Conectado desde',
    unnamed: 'RingCentral no dijo el nombre',
  },

  lines: {
    heading: 'De quién podemos leer los faxes',
    headingBefore: 'De quién leíamos los faxes mientras funcionaba',
    legend: 'Líneas para leer',
    hint: 'Marque cada línea cuyos faxes quiere que se lean. Probamos cada una con RingCentral.',
    save: 'Guardar y comprobar',
    saved: {
      checking: 'Guardado. Se está comprobando ahora.',
      later: (time) => `Guardado. Lo comprobaremos: ${time}.`,
      done: 'Guardado y comprobado.',
    },
    none: 'RingCentral todavía no ha indicado ninguna línea de fax.',
    name: (name, number) => (number === null ? name : `${name}, extensión ${number}`),
    columns: { line: 'Línea', result: 'Resultado' },
    readable: 'Podemos leer sus faxes.',
    lastReadable: 'Podíamos leer sus faxes cuando RingCentral respondió por última vez.',
    wasReadable: 'Podíamos leer sus faxes antes de que la conexión dejara de funcionar.',
    unreadable: 'No podemos leer sus faxes.',
    why: {
      extension_not_visible: 'El usuario del JWT no tiene acceso a esta línea.',
      permission_missing: 'Al usuario del JWT le falta un permiso.',
    },
    unsure: 'RingCentral no dio una respuesta clara sobre esta línea. Preguntaremos otra vez.',
    unproved: 'Sin probar todavía.',
    gone: 'RingCentral ya no indica esta línea.',
    notRead: 'No se lee.',
    more: 'Más líneas de su cuenta',
  },

  abilities: {
    heading: (isv) => `Qué puede y qué no puede hacer ${isv}`,
    can: (isv) => `${isv} puede ver la lista de faxes de las líneas marcadas y descargarlos.`,
    /** Said once a job has got one. */
    jobs: 'Para cada tarea recibe un token de acceso que caduca en una hora. Nunca recibe el JWT.',
    cannot: [
      'Nadie puede volver a ver aquí su JWT, ni siquiera usted. Para cambiarlo, pegue uno nuevo.',
      'No podemos ver qué otras aplicaciones permite su JWT: RingCentral no lo dice.',
      'Nunca vemos su contraseña de RingCentral.',
    ],
  },

  next: {
    heading: 'Qué ocurre después',
    lastCheck: 'Última comprobación',
    lastClear: 'Última respuesta clara',
    nextCheck: 'Próxima comprobación',
    expires: 'Caducidad del JWT',
    reminder: 'Próximo recordatorio',
    never: 'No caduca',
    noneYet: 'Ninguna todavía',
    none: 'Ninguna prevista',
    running: 'Ahora',
    inWaitingList: 'En cuanto le toque el turno',
    contact: 'Preguntas',
    mail: (address) => address,
  },
  support: {
    heading: 'Para soporte',
    codes: (codes) => `Código de RingCentral: ${codes}`,
    requestId: (id) => `Solicitud de RingCentral: ${id}`,
    cause: (cause) => `Causa: ${cause}`,
  },
};
