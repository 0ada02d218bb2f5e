import type { Texts } from '../en/english.js';

export const activity: Texts['activity'] = {
  title: 'Actividad',
  link: 'Ver cada uso de su JWT y cada cambio',
  changes: 'Ver cada cambio',
  lead: (isv) => [
    `Aquí ve cada vez que una tarea de ${isv} pidió un token de acceso.`,
    'También ve cada cambio de esta conexión y de sus personas.',
    'Un token caduca en una hora. Ninguna tarea recibe nunca algo que dure más.',
  ],
  empty: 'Todavía no ha pasado nada aquí. Aquí aparece cada cambio y cada uso de la conexión.',
  columns: { at: 'Cuándo', what: 'Qué', by: 'Quién', result: 'Resultado' },
  use: 'Una tarea pidió un token de acceso',
  times: (count) => `${count} veces`,
  job: (id) => `tarea ${id}`,
  jobs: (count) => `${count} tareas`,
  purpose: (purpose) => `Para: ${purpose}`,
  unnamedKey: (id) => `Clave ${id}`,
  useResults: { ok: 'Lo recibió', refused: 'No lo recibió', inconclusive: 'Todavía no lo recibió' },
  results: { ok: 'Hecho', refused: 'Rechazado', inconclusive: 'Sin respuesta clara' },
  deathResults: {
    ok: 'RingCentral aún lo acepta',
    refused: 'RingCentral lo rechazó',
    inconclusive: 'Sin respuesta clara',
  },
  actors: {
    hand_off: 'Un colega con un enlace',
    portal: 'Este portal',
    nobody: 'Alguien con un enlace, sin iniciar sesión',
  },
  older: 'Actividad anterior',
  newest: 'Actividad más reciente',
  left: 'No aparecen las comprobaciones que planificamos ni las páginas que solo se miraron.',
};
