import type { staff as english } from '../../en/staff.js';

export const search: (typeof english)['search'] = {
  label: 'Buscar una clínica',
  hint: 'Escriba el comienzo de cualquier palabra del nombre, o de su propio identificador para ella.',
  button: 'Buscar',
  found: (count: number, shown: string, typed: string) =>
    count === 1 ? `1 clínica coincide con “${typed}”.` : `${shown} clínicas coinciden con “${typed}”.`,
  foundMany: (typed: string) => `Muchísimas clínicas coinciden con “${typed}”. Escriba más letras para ver menos.`,
  none: (typed: string) => `Ninguna clínica coincide con “${typed}”.`,
  noneStep:
    'Revise la ortografía o escriba menos letras. Cada palabra debe ser el comienzo de una palabra del nombre o del identificador.',
  noneHere: (typed: string) => `Ninguna clínica de esta lista coincide con “${typed}”.`,
  end: 'No hay más clínicas que coincidan.',
  everywhere: 'Buscar en todas las clínicas',
  clear: 'Mostrar todas las clínicas',
  stopped: 'La búsqueda no ha terminado.',
  goOn: 'Continuar la búsqueda',
  filters: (chosen: string) => `Filtro: ${chosen}`,
  silent: (days: number) => `Invitada, sin respuesta desde hace ${days} días`,
  emptySilent: (days: number) => `Ninguna clínica lleva ${days} días sin responder a su invitación.`,
  orMore: (shown: string) => `${shown} o más`,
};
