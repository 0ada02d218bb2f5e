import type { connections as english } from '../en/connections.js';
import { causes } from './causes.js';
import { confirm } from './connections/confirm.js';
import { faxes } from './connections/faxes.js';
import { replace } from './connections/replace.js';

export const connections: typeof english = {
  causes,
  confirm,
  faxes,
  replace,
  title: 'Conexión',
  toGuide: 'Empezar a conectar',
  pasteNew: 'Pegar un JWT nuevo',
  howToMake: 'Muéstreme cómo crear un JWT',
  checkAgain: 'Comprobar otra vez',
  checkNow: 'Comprobar ahora',
  tooManyChecks: (time) => `Hubo demasiadas comprobaciones en poco tiempo. Podrá comprobar otra vez ${time}.`,
  viewer: 'Usted puede ver esta página. Para cambiar la conexión, pregunte a un propietario o miembro de su clínica.',
  lookAgain: 'Actualizar esta página',
  slot: 'Próxima comprobación:',

  states: {
    not_connected: 'Sin conectar',
    pending: 'En preparación',
    healthy: 'Conectado',
    warning: 'Conectado, requiere atención',
    failing: 'No funciona',
    unverified: 'Sin confirmación reciente',
    disconnected: 'Desconectado',
  },

  headings: {
    not_connected: 'RingCentral todavía no está conectado',
    refused: 'RingCentral no aceptó el JWT',
    checking: 'Estamos comprobando su JWT',
    disowned: 'Usted dijo que no es su empresa',
    confirm: '¿Es esta su empresa?',
    fix: 'Falta un paso para que funcione',
    othersFix: 'Guardamos su JWT hasta que esto se arregle',
    retry: 'Todavía no se pudo comprobar su JWT',
    healthy: 'RingCentral está conectado',
    warning: 'RingCentral está conectado, pero requiere atención',
    failing: 'La conexión con RingCentral no funciona',
    unverified: 'La conexión no se ha confirmado recientemente',
    disconnected: 'RingCentral está desconectado',
  },

  leads: {
    not_connected: (isv) => [
      `${isv} todavía no puede leer sus faxes.`,
      'Conectar toma unos 5 minutos. La guía indica lo que necesita.',
    ],
    disowned: (isv, time) => [
      `Alguien dijo ${time} que la empresa de RingCentral no es su clínica. Destruimos el JWT y no leímos nada.`,
      `${isv} todavía no puede leer sus faxes. Cree el JWT en la cuenta de RingCentral de su clínica.`,
    ],
    confirm: (isv) => [
      `RingCentral aceptó el JWT. ${isv} no lee ningún fax hasta que usted confirme que es su empresa.`,
    ],
    checking: ['Estamos consultando a RingCentral. Esta página se actualiza cuando llega la respuesta.'],
    turn: (isv, time) => [
      `RingCentral permite a ${isv} consultar solo unas pocas veces por minuto. Su turno es ${time}.`,
      'Esta página se actualiza cuando llega la respuesta. Puede salir y volver.',
    ],
    retry: (time) => [`Guardamos su JWT y volveremos a comprobarlo ${time}.`, 'No tiene que hacer nada.'],
    healthy: (isv) => [`${isv} puede leer sus faxes. No tiene que hacer nada.`],
    serving: (isv) => [`${isv} puede leer sus faxes.`],
    warning: (isv) => [`Hoy ${isv} puede leer sus faxes.`],
    noLine: (isv) => [`${isv} no puede leer ningún fax hasta que usted marque una línea.`],
    failing: (isv) => [`En este momento ${isv} no puede leer sus faxes.`],
    unverified: [
      'La conexión funcionaba cuando RingCentral respondió por última vez. Desde entonces no ha terminado ninguna comprobación.',
    ],
    lineChosen: (time) => [`Usted marcó líneas de fax. Las comprobaremos ${time}.`],
    disconnected: (isv) => [`${isv} ya no puede leer sus faxes.`],
  },
  unansweredLead: (why, at, confirmed) => [
    `${why} (${at}). Confirmamos la conexión por última vez ${confirmed}.`,
    'Volveremos a consultar automáticamente. No tiene que hacer nada.',
  ],
  noAnswer: {
    error: 'RingCentral respondió con un error',
    unreachable: 'No pudimos comunicarnos con RingCentral',
    unclear: 'RingCentral no dio una respuesta clara',
    rateLimited: 'RingCentral nos pidió que esperáramos',
    ours: (isv) => `RingCentral rechazó la aplicación de ${isv}, no su JWT`,
  },

  deadline: (date) =>
    `RingCentral conserva los faxes 30 días, o los 200 más recientes. Después del ${date} se pueden perder faxes.`,
  deadlineOver: (date) =>
    `RingCentral conserva los faxes 30 días, o los 200 más recientes. Desde el ${date} se pueden haber perdido faxes.`,
  refusedAt: (time) => `RingCentral no aceptó el JWT que usted pegó ${time}. Destruimos nuestra copia.`,
  suspect: (at, next) =>
    next === null
      ? `RingCentral rechazó el JWT una vez ${at}. Volveremos a consultar para confirmarlo.`
      : `RingCentral rechazó el JWT una vez ${at}. Volveremos a consultar ${next}.`,
  suspectAccount: (at, next) =>
    next === null
      ? `RingCentral indicó otro usuario u otra cuenta para el JWT ${at}. Volveremos a consultar para confirmarlo.`
      : `RingCentral indicó otro usuario u otra cuenta para el JWT ${at}. Volveremos a consultar ${next}.`,
  checkRunning: 'Estamos comprobando la conexión. Esta página se actualiza cuando llega la respuesta.',

  history: {
    heading: (days: number) => `Los últimos ${days} días`,
    days: (state: string, count: number) => (count === 1 ? `${state} en 1 día` : `${state} en ${count} días`),
    asTable: 'Mostrar estos días como tabla',
    utc: 'Los días están en UTC. Cada día muestra su peor estado.',
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
    seen: (at) => `RingCentral muestra otros datos del usuario del JWT desde nuestra comprobación del ${at}.`,
    status: (before, now) => `Estado: antes ${before}, ahora ${now}.`,
    type: (before, now) => `Tipo de usuario: antes ${before}, ahora ${now}.`,
    admin: 'Administrador: el usuario lo era y ya no lo es.',
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
      clinic: 'Pregunte a un administrador de su cuenta de RingCentral si el cambio fue intencional.',
      staff: 'Pregunte a un administrador de la cuenta de RingCentral de la clínica si el cambio fue intencional.',
    },
    meant: {
      status: 'Si lo fue, cree un JWT con otro usuario y péguelo aquí antes de que este deje de funcionar.',
      rights: 'Si lo fue y podemos leer todas las líneas de abajo, no tiene que hacer nada.',
    },
  },

  owners: {
    tenant: 'Su clínica puede arreglarlo',
    isv: (isv) => `${isv} tiene que arreglarlo`,
    ringcentral: 'RingCentral tiene que arreglarlo',
    nobody: 'Nadie tiene que actuar',
    notYou: 'Su clínica no lo causó',
  },
  fix: {
    heading: 'Qué hacer',
    nothingToDo: 'No tiene que hacer nada. La próxima comprobación mostrará cuándo se arregló.',
    signInInstead: 'No puedo abrir la consola de desarrolladores: iniciar sesión en RingCentral',
    signInAsAnother: 'Iniciar sesión como otro usuario de RingCentral',
    clientId: (app) => `Client ID de ${app}`,
    appName: 'Nombre de la aplicación, para comparar',
    permission: (name) => `RingCentral llama ${name} al permiso que falta.`,
    otherEnvironment: {
      title: 'Este JWT es de otro entorno de RingCentral',
      what: 'Las cuentas de AT&T y Verizon tienen un entorno propio. Un JWT de un entorno puede no funcionar en el otro.',
      otherwise: 'Si el JWT es de la cuenta correcta:',
      step: (isv) => `Diga a ${isv} si su compañía telefónica es AT&T o Verizon.`,
    },
    line: (name) => `Se trata de ${name}.`,
    openConsole: 'Abrir la consola de RingCentral',
    goesTo: (host) => `El botón abre ${host}.`,
    kept: (date) => `Guardaremos su JWT hasta el ${date}. No tiene que pegarlo otra vez.`,
    nextTry: (time) => `También lo comprobaremos automáticamente ${time}.`,
  },

  replacement: {
    heading: 'El JWT nuevo',
    stillServes: 'Su JWT actual todavía funciona. Sigue en uso hasta que confirmemos el nuevo.',
    stillFails: 'El JWT anterior se conserva hasta que confirmemos el nuevo.',
    checking: 'Estamos comprobando el JWT nuevo. Esta página se actualiza cuando llega la respuesta.',
    turn: (isv, time) =>
      `RingCentral permite a ${isv} consultar solo unas pocas veces por minuto. Comprobaremos el JWT nuevo ${time}.`,
    retry: (time) => `Guardamos el JWT nuevo y volveremos a comprobarlo ${time}.`,
    refused: 'RingCentral no aceptó el JWT nuevo',
  },

  facts: {
    heading: 'Conectado como',
    headingBefore: 'Estuvo conectado como',
    company: 'Empresa',
    user: 'Usuario de RingCentral',
    extension: (number) => `extensión ${number}`,
    account: 'Número de cuenta',
    since: 'Conectado desde',
    unnamed: 'RingCentral no indicó el nombre',
  },

  lines: {
    heading: 'De quién podemos leer los faxes',
    headingBefore: 'De quién podíamos leer los faxes',
    legend: 'Líneas para leer',
    hint: 'Marque cada línea cuyos faxes debemos leer. Comprobamos cada una con RingCentral.',
    save: 'Guardar y comprobar',
    saved: {
      checking: 'Guardado. Lo estamos comprobando.',
      later: (time) => `Guardado. Lo comprobaremos ${time}.`,
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
    unsure: 'RingCentral no dio una respuesta clara sobre esta línea. Volveremos a consultar.',
    unproved: 'Sin comprobar todavía.',
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
      'No podemos ver qué otras aplicaciones permite su JWT, porque RingCentral no lo indica.',
      'Nunca vemos su contraseña de RingCentral.',
    ],
  },

  next: {
    heading: 'Qué ocurre después',
    lastCheck: 'Última comprobación',
    lastClear: 'Última respuesta clara',
    nextCheck: 'Próxima comprobación',
    expires: 'El JWT caduca',
    reminder: 'Próximo recordatorio',
    never: 'No caduca',
    noneYet: 'Ninguna todavía',
    none: 'Ninguna prevista',
    running: 'Ahora',
    inWaitingList: 'Cuando llegue su turno',
    contact: 'Preguntas',
    mail: (address) => address,
  },
  support: {
    heading: 'Para soporte',
    codes: (codes) => `Código de RingCentral: ${codes}`,
    requestId: (id) => `Identificador de solicitud de RingCentral: ${id}`,
    cause: (cause) => `Causa: ${cause}`,
  },
};
