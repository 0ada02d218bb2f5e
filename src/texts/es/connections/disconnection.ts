import type { disconnection as english } from '../../en/connections/disconnection.js';

export const disconnection: typeof english = {
  link: 'Desconectar RingCentral',
  backToConnection: 'Conexión',
  linkAfter: 'Qué resultó de la desconexión',
  before: {
    title: 'Desconectar RingCentral',
    titleForStaff: (clinic) => `Desconectar ${clinic} de RingCentral`,
    lead: ({ isv }) => `Después, ${isv} ya no podrá leer sus faxes en RingCentral.`,
    leadOfStaff: (clinic) => `Esto desconecta ${clinic} de RingCentral.`,
    forStaff: 'Abajo, «usted» es la clínica. Sus personas leen lo mismo.',
    whatHappens: 'Qué ocurre de inmediato',
    points: ({ isv }) => [
      `${isv} ya no obtiene acceso a su cuenta de RingCentral.`,
      'El acceso que un programa ya tiene se revoca en minutos. Termina solo al cabo de una hora como máximo.',
      'Un JWT que espera una respuesta se destruye.',
    ],
    jwt: 'El JWT en uso se conserva sellado 7 días. Solo se usa para probar que usted lo eliminó.',
    signIn: 'El inicio de sesión se revoca en RingCentral, y se destruye lo que guardamos de él.',
    stays: 'Las cuentas de aquí no cambian. Puede volver a conectar cuando quiera.',
    faxes: 'Faxes que aún no se recogieron',
    faxesStay: ({ isv }) => `Se quedan en RingCentral. ${isv} ya no puede recogerlos.`,
    fetched: (time) => `Los faxes se recogieron por completo por última vez el ${time}.`,
    notReported: 'No sabemos hasta cuándo se recogieron los faxes, porque ningún programa lo comunicó.',
    mailbox: (line, count) => `${line}: ${count} mensajes cuando se contó el buzón por última vez.`,
    lostFrom: (date) =>
      `RingCentral guarda los faxes 30 días, o los 200 últimos. El primero puede perderse el ${date}.`,
    after: 'Qué le queda por hacer',
    deleteIt: 'Elimine el JWT en RingCentral: Developer Console, su nombre, Credentials.',
    tellUs: 'Después, indíquelo en esta página. Probamos el JWT y comprobamos que RingCentral lo rechaza.',
    nothingToDelete: 'Nada. Revocamos el inicio de sesión.',
    button: 'Desconectar ahora',
    onlyOwners: 'Solo puede hacerlo quien es propietario de la clínica.',
    onlyOperators: 'Solo pueden hacerlo operadores y administradores.',
    nothing: 'No hay nada que desconectar.',
  },
  inShort: {
    at: 'Desconectada',
    open: 'Aún abierto',
    deletion: 'La clínica no ha comprobado que eliminó el JWT.',
    kept: (date) => `Se guarda sellado hasta el ${date}, solo para comprobarlo.`,
    proved: 'Lo que se comprobó',
    receipt: 'Recibo',
    noReceipt: 'Se emite cuando no queda nada abierto.',
  },
  after: {
    title: 'Desconexión de RingCentral',
    titleForStaff: (clinic) => `Desconexión de ${clinic}`,
    since: (time) => `Desconectado el ${time}.`,
    by: {
      clinic: 'Lo hizo una persona de la clínica.',
      staff: ({ isv }) => `Lo hizo ${isv}.`,
      program: ({ isv }) => `Lo hizo un programa de ${isv}.`,
      operator: ({ isv }) => `Lo hizo un operador de ${isv}.`,
    },
    open: 'Qué queda pendiente',
    revoking: 'Se está revocando el acceso que tenía un programa.',
    over: 'No queda nada pendiente.',
    receiptSoon: 'El recibo se está preparando.',
    jwt: (time) => `El JWT que se entregó el ${time}`,
    signIn: (time) => `El inicio de sesión del ${time}`,
    kept: (date) => `Se conserva sellado hasta el ${date}, solo para probar que se eliminó.`,
    stepsTitle: 'Elimine el JWT en RingCentral',
    steps: [
      'Abra la Developer Console de RingCentral y elija su nombre, después Credentials.',
      'Elimine el JWT que creó para nosotros.',
      'Vuelva a esta página y pulse el botón.',
    ],
    deleted: 'Lo he eliminado',
    saidDeleted: (time) => `El ${time} una persona indicó que se había eliminado.`,
    tried: {
      works: (time) => `El ${time} RingCentral aún lo aceptaba. Así que todavía no se ha eliminado.`,
      refused: (time) => `El ${time} RingCentral lo rechazó. Lo probamos una vez más para estar seguros.`,
      unclear: (time) => `El ${time} no obtuvimos una respuesta clara. Lo intentamos de nuevo.`,
    },
    limited: (time) => `De momento ya hemos probado bastante. El próximo intento es el ${time}.`,
    destroyTitle: 'Destruirlo ahora',
    destroyWhat: 'Entonces no podemos probar que se eliminó. El recibo lo dice.',
    destroy: 'Destruir ahora, sin prueba',
    results: {
      nothing_kept: 'No guardábamos nada que se pudiera destruir.',
      proved_dead: 'El JWT ya no sirve: RingCentral lo rechazó, o llegó a su propio fin. Lo destruimos.',
      revoked: 'RingCentral terminó la sesión, y destruimos lo que guardábamos de ella.',
      not_revoked: 'Destruimos lo que guardábamos de la sesión. RingCentral no dijo que la hubiera terminado.',
      destroyed_on_request: 'Destruimos el JWT a petición. No está probado que RingCentral lo rechace.',
      not_proved_dead: 'Destruimos el JWT. No está probado que RingCentral lo rechace.',
      used_again: 'Se volvió a entregar el mismo JWT. Está en uso.',
    },
    receipt: 'El recibo',
    download: 'Descargar el recibo',
    print: 'O imprima esta página.',
    verify: 'Cualquiera puede comprobar el archivo sin conexión: latchkey receipt verify FILE --key KEYS. Las claves:',
    earlier: 'Recibos anteriores',
    again: 'Conectar de nuevo',
  },
  receipt: {
    ended: ({ isv }) => `La conexión de esta clínica con ${isv} terminó en el momento indicado arriba.`,
    results: {
      nothing_kept: ({ isv }) => [`${isv} no guardaba ninguna credencial que se pudiera destruir.`],
      proved_dead: () => [
        'Tras el fin de la conexión, RingCentral rechazó cada JWT, o el JWT llegó a su propio fin.',
        'Después se destruyó cada uno. Una copia de seguridad anterior puede contenerlo aún, sellado.',
      ],
      revoked: () => [
        'RingCentral respondió que terminó la sesión.',
        'Después se destruyó su token. Una copia de seguridad anterior puede contenerlo aún, sellado.',
      ],
      not_revoked: () => [
        'Se destruyó el token de la sesión. No se probó que RingCentral terminara la sesión.',
        'Una sesión que no se renueva termina sola.',
      ],
      destroyed_on_request: () => [
        'El JWT se destruyó porque una persona quiso que se destruyera de inmediato.',
        'No se probó que RingCentral lo rechace. Quien tenga otra copia quizá pueda usarla.',
      ],
      not_proved_dead: () => [
        'El JWT se destruyó. No se probó que RingCentral lo rechace.',
        'Quien tenga otra copia quizá pueda usarla hasta que se elimine en RingCentral.',
      ],
      used_again: () => ['El mismo JWT se entregó después otra vez y está en uso. Este recibo no prueba su fin.'],
    },
    revoked: (count) =>
      count === 1
        ? 'RingCentral respondió que terminó 1 sesión de un programa.'
        : `RingCentral respondió que terminó ${count} sesiones de programas.`,
    notRevoked: (count) =>
      count === 1
        ? '1 sesión de un programa no se revocó. Termina sola al cabo de una hora como máximo.'
        : `${count} sesiones de programas no se revocaron. Terminan solas al cabo de una hora como máximo.`,
    faxes: 'Este recibo no dice nada de los faxes que se recogieron antes.',
    signed: 'La firma de abajo muestra que este texto no cambió. La hizo la clave nombrada arriba.',
    unsigned: 'Este recibo no está firmado: nada muestra si este texto cambió.',
  },
  mail: {
    subject: ({ isv, tenant }) => `${isv}: se desconectó RingCentral para ${tenant}`,
    what: ({ isv, tenant, at }) =>
      `El ${at} se desconectó ${tenant}. ${isv} ya no puede leer sus faxes en RingCentral.`,
    next: 'La página dice qué queda por hacer, y tiene el recibo cuando todo está hecho.',
    button: 'Abrir la página',
    notYou: 'Si nadie de su clínica quería esto, responda a este mensaje. Puede volver a conectar cuando quiera.',
  },
};
