import type { staff as english } from '../../en/staff.js';

export const clinicFiles: (typeof english)['clinicFiles'] = {
  export: {
    link: 'Descargar todas las clínicas como CSV',
    title: 'Descargar todas las clínicas como CSV',
    what: 'Una fila por clínica, con las columnas de la importación y además estado, causa y desde cuándo.',
    safe: 'Las celdas que una hoja de cálculo podría ejecutar como fórmula empiezan con un apóstrofo. La importación lo quita.',
    care: 'El archivo contiene nombres y correos de personas. Guárdelo con cuidado.',
    button: 'Descargar el archivo',
  },
  fileProblems: {
    empty: 'El archivo está vacío. Elija otro.',
    no_rows: 'El archivo tiene un encabezado y debajo ninguna clínica.',
    spreadsheet: 'Esto es un libro de trabajo. Guárdelo antes como CSV en su hoja de cálculo.',
    utf16_without_mark: 'La codificación del archivo no está clara. Guárdelo como CSV UTF-8.',
    too_big: (megabytes: number) => `El archivo ocupa más de ${megabytes} MB. Divídalo en archivos más pequeños.`,
    encoding: (line: string) =>
      `La línea ${line} contiene caracteres que no son UTF-8. Guarde el archivo como CSV UTF-8.`,
    quote: (line: string) => `Una comilla de la fila en la línea ${line} no se cierra o tiene texto detrás.`,
    row_too_long: (line: string) => `La fila en la línea ${line} es demasiado larga. Puede faltar una comilla.`,
    too_many_columns: (count: string) => `El archivo tiene ${count} columnas. La importación lee 6.`,
    too_many_rows: (most: string) => `El archivo tiene más de ${most} clínicas. Divídalo.`,
    missing_columns: (names: string) => `En la primera fila falta la columna: ${names}.`,
    unknown_columns: (names: string) => `La importación no tiene esta columna: ${names}. Cámbiele el nombre o quítela.`,
    repeated_columns: (names: string) => `El archivo tiene dos veces esta columna: ${names}.`,
  },
  problems: {
    missing: 'Esta celda está vacía.',
    too_long: 'Este texto es demasiado largo.',
    control_characters: 'Este texto contiene caracteres ocultos o saltos de línea.',
    unknownLanguage: 'Este no es uno de nuestros idiomas.',
    unknownTimeZone: 'Esto no es una zona horaria. Use un lugar como America/Denver.',
    unknownEnvironment: 'Este no es uno de los entornos de este portal.',
    taken: 'Los identificadores no pueden empezar con erased-.',
    email: 'Esto no es una dirección de correo a la que podamos escribir.',
    repeated: 'Otra fila tiene el mismo identificador. Deje solo una de ellas.',
    repeatedOf: (line: string) => `La línea ${line} tiene el mismo identificador. Deje solo una de ellas.`,
    cells: (count: string) => `Esta fila tiene ${count} celdas, que no es el número de columnas.`,
    left: 'La clínica con este identificador se dio de baja. Recupérela antes o use otro identificador.',
    environment_fixed: 'El entorno de una clínica no se puede cambiar.',
    failed: 'No se pudo importar esta fila. Inténtelo otra vez y avísenos si vuelve a ocurrir.',
  },
};
