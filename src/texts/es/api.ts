import type { Texts } from '../en/english.js';

const program = 'Las personas que escriben el programa que llama.';
const administrator = 'Un administrador de este portal.';
const noOne = 'Nadie: pasa por sí solo.';
const fix = 'No repita la llamada tal cual. Comunique la respuesta a las personas que escriben el programa.';
const askKey = 'Deténgase y comuníquelo. Todas las demás llamadas con esta clave también fallan.';
const wait = 'Espere hasta `retry_at`, o tantos segundos como diga `Retry-After`, y repita la llamada.';

export const api: Texts['api'] = {
  page: {
    title: 'La API',
    intro: (url) => [
      `Todas las llamadas están bajo ${url}/api/v1. Un programa envía su clave de API en el campo de cabecera Authorization, después de la palabra Bearer. El personal crea las claves en el portal.`,
      'Los cuerpos y las respuestas son JSON. Los identificadores son textos. Las horas son RFC 3339 en UTC. Se rechaza un miembro o parámetro desconocido o enviado dos veces.',
      'Una ruta nombra una clínica por su identificador, o por “ref:” y la referencia de usted, codificada con porcentajes. Una clínica para la que la clave no sirve responde como una que no existe.',
      'Una llamada fallida responde application/problem+json (RFC 9457). Su miembro “cause” es un código estable. Su “type” es la dirección de una página que explica el código, quién puede arreglarlo y qué hacer.',
      'Cada clave tiene sus propios límites de llamadas de token, lecturas y escrituras por minuto. RateLimit-Policy y RateLimit dicen cuánto queda.',
    ],
    document: 'Lo mismo como documento OpenAPI 3.1',
    contents: 'Llamadas',
    parameters: 'Parámetros',
    body: 'Cuerpo',
    answer: 'Respuesta',
    problems: 'Problemas',
    columns: {
      name: 'Nombre',
      type: 'Tipo',
      needed: 'Necesario',
      meaning: 'Significado',
      cause: 'Causa',
      status: 'Estado',
    },
    required: 'Obligatorio',
    optional: 'Opcional',
    answers: (status) => `Responde ${status}.`,
    summaries: {
      postTenantAccessToken: 'Obtener un token de acceso',
      getTenants: 'Ver la lista de clínicas',
      postTenants: 'Agregar una clínica',
      getTenant: 'Ver una clínica',
      patchTenant: 'Cambiar una clínica',
      getTenantConnection: 'Ver la conexión de una clínica',
      postTenantConnectionChecks: 'Comprobar ahora la conexión de una clínica',
      postTenantInvitations: 'Invitar a una persona de una clínica',
    },
  },
  errorPage: {
    what: 'Qué significa',
    who: 'Quién puede arreglarlo',
    job: 'Qué debe hacer un proceso',
    back: 'La API',
    owners: {
      tenant: 'La clínica. La respuesta puede tener un “reconnect_url”: envíelo a las personas de la clínica.',
      isv: (isv) => `${isv}. La clínica no puede hacer nada.`,
      ringcentral: 'RingCentral.',
      nobody: noOne,
    },
    jobWaits: wait,
    jobStops:
      'Omita esta clínica y siga con las demás. Pregunte de nuevo solo después de que la conexión haya cambiado, o en la próxima ejecución.',
  },
  problems: {
    bad_request: {
      title: 'No se puede leer la solicitud',
      what: 'No es una solicitud HTTP que esta llamada acepte, como un GET con cuerpo.',
      who: program,
      job: fix,
    },
    invalid_json: {
      title: 'El cuerpo no es JSON',
      what: 'El cuerpo está cortado, no es JSON o no está en UTF-8.',
      who: program,
      job: fix,
    },
    invalid_query: {
      title: 'Un parámetro es incorrecto',
      what: 'Un parámetro de la dirección es desconocido, está dos veces o tiene un valor que esta llamada no acepta. “errors” lo nombra.',
      who: program,
      job: fix,
    },
    invalid_body: {
      title: 'El cuerpo no es lo que espera la llamada',
      what: 'Un miembro falta, es desconocido, está dos veces o tiene un valor que esta llamada no acepta. “errors” lo nombra.',
      who: program,
      job: fix,
    },
    invalid_idempotency_key: {
      title: 'La Idempotency-Key es incorrecta',
      what: 'Debe tener de 1 a 255 caracteres ASCII visibles.',
      who: program,
      job: fix,
    },
    idempotency_key_reused: {
      title: 'La Idempotency-Key se usó para otra cosa',
      what: 'En las últimas 24 horas se envió la misma clave a esta llamada con otro cuerpo.',
      who: program,
      job: 'Use otra Idempotency-Key para otra solicitud.',
    },
    idempotency_key_in_use: {
      title: 'La misma solicitud todavía está en curso',
      what: 'Otra solicitud con esta Idempotency-Key aún no tiene respuesta.',
      who: noOne,
      job: wait,
    },
    key_refused: {
      title: 'No se acepta la clave de API',
      what: 'No hay clave de API en la solicitud, o es desconocida, está dañada, revocada o vencida. El portal no dice cuál de ellas.',
      who: administrator,
      job: askKey,
    },
    scope_not_granted: {
      title: 'La clave de API no puede hacer esto',
      what: 'La clave no tiene el permiso (scope) que esta llamada necesita.',
      who: administrator,
      job: 'No repita la llamada. Pida una clave con ese permiso.',
    },
    all_tenants_required: {
      title: 'Solo una clave para todas las clínicas puede hacer esto',
      what: 'Una clave para algunas clínicas no puede agregar una clínica ni cambiar la referencia de una.',
      who: administrator,
      job: 'No repita la llamada. Use una clave para todas las clínicas.',
    },
    not_found: {
      title: 'Aquí no hay nada',
      what: 'La ruta no existe, o la clínica no existe, o la clave no sirve para esa clínica. Los tres casos se ven igual.',
      who: program,
      job: 'Omita esta clínica y comuníquelo.',
    },
    method_not_allowed: {
      title: 'La ruta no tiene ese método',
      what: 'El campo de cabecera Allow nombra los métodos de esta ruta.',
      who: program,
      job: fix,
    },
    conflict: {
      title: 'La llamada no corresponde al estado de la clínica',
      what: 'Algo cambió mientras la llamada estaba en curso.',
      who: program,
      job: 'Lea la clínica de nuevo antes de repetir la llamada.',
    },
    newer_report_kept: {
      title: 'Ya se conserva el informe de una ejecución posterior',
      what: 'El portal tiene un informe de esta clínica con un “completed_at” posterior. Conserva ese.',
      who: noOne,
      job: 'Siga: no hay nada que hacer. Si ocurre a menudo, dos programas recogen los faxes de una misma clínica, o un reloj va mal.',
    },
    not_connected: {
      title: 'La clínica no está conectada',
      what: 'Todavía no ha pegado un JWT, así que no hay nada que comprobar.',
      who: 'La clínica: sus personas siguen la guía en el portal.',
      job: 'Omita esta clínica y siga con las demás.',
    },
    external_ref_in_use: {
      title: 'Otra clínica tiene esta referencia',
      what: 'El external_ref de una clínica es único.',
      who: program,
      job: 'Si la clínica se agregó antes, siga con “ref:” y su referencia.',
    },
    already_member: {
      title: 'La persona ya pertenece a la clínica',
      what: 'La dirección es la de una persona que aceptó una invitación.',
      who: noOne,
      job: 'Siga: no hay nada que hacer.',
    },
    already_invited: {
      title: 'La persona ya tiene una invitación',
      what: 'Una invitación a esta dirección aún no se aceptó y todavía funciona.',
      who: 'La persona invitada.',
      job: 'Siga: el portal se lo recuerda a la persona.',
    },
    scope_not_requested: {
      title: 'El portal no pide este permiso',
      what: 'La llamada nombra un permiso (scope) que el portal no solicita para sus tokens.',
      who: program,
      job: fix,
    },
    other_scope_in_use: {
      title: 'Se usa otro conjunto de permisos',
      what: 'Está en uso un token de esta clínica con otros permisos. Cada conjunto sería otra sesión de RingCentral.',
      who: program,
      job: wait,
    },
    auth_budget: {
      title: 'RingCentral nos deja preguntar solo cada cierto tiempo',
      what: 'El token tiene su lugar en la lista de espera de RingCentral.',
      who: noOne,
      job: wait,
    },
    session_limit: {
      title: 'Todas las sesiones de RingCentral están en uso',
      what: 'Una más terminaría una sesión que usa un proceso.',
      who: noOne,
      job: wait,
    },
    refusal_unconfirmed: {
      title: 'RingCentral rechazó una vez',
      what: 'El portal pregunta de nuevo antes de creer un rechazo.',
      who: noOne,
      job: wait,
    },
    token_pending: {
      title: 'El token todavía no está',
      what: 'Tardó más de lo que puede esperar una solicitud.',
      who: noOne,
      job: wait,
    },
    audit_unavailable: {
      title: 'No se pudo registrar el uso',
      what: 'El portal no da ningún token cuyo uso no esté en la actividad de la clínica.',
      who: 'Los operadores de este portal.',
      job: wait,
    },
    content_too_large: {
      title: 'El cuerpo es demasiado grande',
      what: 'Un cuerpo tiene como máximo 64 KiB.',
      who: program,
      job: fix,
    },
    unsupported_media_type: {
      title: 'El cuerpo es de un tipo incorrecto',
      what: 'Un cuerpo debe ser application/json en UTF-8 y sin comprimir.',
      who: program,
      job: fix,
    },
    quota_exceeded: {
      title: 'La clave ha hecho demasiadas llamadas',
      what: 'Cada clave de API puede hacer cierto número de llamadas de token, lecturas y escrituras por minuto. RateLimit-Policy dice cuántas.',
      who: noOne,
      job: wait,
    },
    check_limit_reached: {
      title: 'La clínica se comprobó con demasiada frecuencia',
      what: 'Los programas pueden pedir cinco comprobaciones de una clínica en diez minutos.',
      who: noOne,
      job: wait,
    },
    invitation_limit_reached: {
      title: 'Demasiadas invitaciones',
      what: 'Una clínica puede enviar 20 invitaciones en 24 horas, y 3 a una misma dirección.',
      who: noOne,
      job: wait,
    },
    internal_error: {
      title: 'El portal falló',
      what: 'Algo salió mal aquí, no en su programa. El registro del portal tiene el identificador de “instance”.',
      who: 'Los operadores de este portal.',
      job: 'Repita la llamada una vez después de un minuto. Si falla de nuevo, comuníquelo con el identificador.',
    },
    unavailable: {
      title: 'El portal no puede responder ahora',
      what: 'Una parte que la llamada necesita está ocupada o no se puede alcanzar.',
      who: noOne,
      job: wait,
    },
  },
};
