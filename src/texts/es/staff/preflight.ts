import type { staff as english } from '../../en/staff.js';

export const preflight: (typeof english)['preflight'] = {
  title: '¿Funcionará la ejecución de esta noche?',
  lead: 'Lo que las comprobaciones dicen ahora sobre la próxima ejecución de sus tareas.',
  leadWithout:
    'No hay ninguna ejecución nocturna configurada, así que esta página cubre las próximas 12 horas. Con una hora configurada, comprobamos antes de la ejecución lo que no se sabe. Dos horas antes escribimos a operadores y administradores.',
  notices: {
    queued:
      'Las comprobaciones están en cola y se harán antes de la ejecución, una tras otra. Actualice la página para ver los resultados.',
    nothing: 'No hay nada que agregar: lo que se puede comprobar antes de la ejecución ya está en cola.',
    saved: 'Se guardó la ejecución nocturna.',
  },
  rows: {
    begins: 'La ejecución empieza',
    ahead: 'Una ejecución que empieza',
    go: 'Funcionarán',
    noGo: 'No funcionarán',
    unknown: 'Aún no se sabe',
    estimate: 'Tiempo para obtener un token para cada clínica',
  },
  estimateNote: 'Como máximo, tan rápido como RingCentral nos permite preguntar',
  noEstimate: 'Ninguna clínica espera a otra',
  atLeast: (count) => `${count} o más`,
  notCounted: 'Demasiadas clínicas no funcionan para contar aquí las demás',
  setRunTime: 'Configurar la ejecución nocturna',
  queue: 'Comprobar lo que no se sabe',
  allGo: 'Todas las clínicas funcionarán, según lo que las comprobaciones muestran ahora.',
  noClinics: 'Todavía no hay ninguna clínica.',
  noGo: {
    caption: 'No funcionarán',
    empty: 'Ninguna clínica en esta parte de la lista.',
    columns: { name: 'Clínica', state: 'Estado', cause: 'Causa', owner: 'Quién debe actuar', since: 'Desde' },
    notConnected: 'Aún no conectada',
    disconnected: 'Desconectada',
    expiresBefore: 'La conexión caduca antes de la ejecución',
  },
  unknown: {
    caption: 'Aún no se sabe',
    columns: { name: 'Clínica', reason: 'Por qué', checked: 'Última comprobación' },
    never: 'Nunca',
    reasons: {
      app_incident:
        'RingCentral rechaza nuestra propia aplicación, así que sus respuestas no dicen nada sobre la clínica. Vea el incidente.',
      not_proved_yet: 'Se está comprobando un JWT o un inicio de sesión nuevo.',
      refusal_unconfirmed: 'RingCentral lo rechazó una vez. Preguntamos de nuevo para estar seguros.',
      evidence_too_old:
        'La última prueba será demasiado antigua para entonces. Una comprobación puede renovarla antes de la ejecución.',
      budget_too_small:
        'La última prueba será demasiado antigua para entonces. RingCentral no nos permite preguntar por tantas clínicas antes de la ejecución.',
    },
  },
  next: 'Clínicas siguientes',
  first: 'Volver a las primeras clínicas',
  runTime: {
    title: 'Ejecución nocturna',
    lead: '¿Cuándo empiezan sus tareas cada noche? Antes comprobamos cada clínica cuya última prueba sería demasiado antigua. Dos horas antes de la ejecución escribimos a operadores y administradores lo que pueden esperar.',
    at: 'Inicio de la ejecución',
    atHint: 'En 24 horas, como 02:00. Déjelo vacío si no hay ninguna ejecución nocturna.',
    timeZone: 'Zona horaria',
    timeZoneHint: 'Tenemos en cuenta el horario de verano.',
    problems: {
      at: 'Escriba una hora del día en 24 horas, como 02:00.',
      timeZone: 'Elija una zona horaria de la lista.',
    },
    button: 'Guardar',
  },
};
