/** What a reader must not meet: the words, what to write instead, and why. */
export type Unwanted = { words: RegExp; write: string; why: string; catalogsOnly?: boolean };

const odd = 'few readers say it';

/** `catalogsOnly`: documents for operators and developers may need the word in another meaning. */
export const unwanted: Record<'en' | 'es', Unwanted[]> = {
  en: [
    { words: /\bmend(s|ed|ing)?\b/i, write: 'fix', why: odd },
    { words: /\banew\b/i, write: 'again', why: odd },
    { words: /(?<![`'])\bnobody\b/i, write: 'no one', why: 'one word for one thing' },
    { words: /\bsomebody\b/i, write: 'someone', why: 'one word for one thing' },
    { words: /\bwhoever\b/i, write: 'anyone who, the person who', why: 'hard to read' },
    { words: /\be-mails?\b/i, write: 'email', why: 'one spelling' },
    {
      words: /\b(mailed|(a|by|the|this|our|no|1) mail|mails|mail me)\b(?! server)/i,
      write: 'email',
      why: 'mail is paper',
      catalogsOnly: true,
    },
    { words: /\blook soon\b/i, write: 'needs attention', why: 'says nothing to do' },
    { words: /\blets go\b/i, write: 'ends, removes', why: odd },
    { words: /\btroubles?\b/i, write: 'problem', why: 'one word for one thing', catalogsOnly: true },
    { words: /\bany more\b/i, write: 'no longer', why: 'British', catalogsOnly: true },
    {
      words: /\b(in|for) a (short )?while\b(?! without)/i,
      write: 'in a short time, for now',
      why: 'vague',
      catalogsOnly: true,
    },
    { words: /\bat the moment\b/i, write: 'right now', why: 'one phrase for one thing', catalogsOnly: true },
    {
      words: /\bby (itself|themselves|ourselves)\b/i,
      write: 'automatically',
      why: 'reads as translated',
      catalogsOnly: true,
    },
    {
      words: /\bgo(es)? on (working|as|with)\b/i,
      write: 'keeps working, continue',
      why: 'reads as translated',
      catalogsOnly: true,
    },
    { words: /\bno longer takes?\b/i, write: 'no longer accepts', why: 'takes means something else' },
    { words: /\b(un)?tick(s|ed|ing)?\b/i, write: 'select, clear', why: 'British' },
    { words: /\blacks?\b/i, write: 'is missing, does not have', why: 'stiff', catalogsOnly: true },
    { words: /\bblanks?\b/i, write: 'spaces', why: 'the standard term', catalogsOnly: true },
    { words: /\b(is|was) meant\b/i, write: 'intended', why: odd, catalogsOnly: true },
    { words: /\bwould change our mind\b/i, write: 'revisit when', why: odd },
    { words: /\bunder suspicion\b/i, write: 'rejected once', why: 'blames the reader' },
    {
      words: /\bsign(s|ed|ing)? in at RingCentral\b/i,
      write: 'sign in to RingCentral',
      why: 'the standard preposition',
      catalogsOnly: true,
    },
    {
      words: /\bthe (support|console) of RingCentral\b/i,
      write: "RingCentral support, RingCentral's console",
      why: 'reads as translated',
      catalogsOnly: true,
    },
    {
      words: /\b(colour|licence|behaviour|organisation|telephone)\b/i,
      write: 'the American word',
      why: 'American English',
    },
    {
      words: /\b\d{1,2} (January|February|March|April|June|July|August|September|October|November|December) \d{4}\b/,
      write: 'March 3, 2026',
      why: 'a date as the reader writes it',
      catalogsOnly: true,
    },
  ],
  es: [
    {
      words: /(?<!\p{L})(tú|vosotros|vuestr[oa]s?|tu (cuenta|clínica|correo|contraseña))(?!\p{L})/iu,
      write: 'usted',
      why: 'formal throughout',
    },
    {
      words: /(?<!\p{L})(ordenador|móvil|pinche|fichero|coger|recog\p{L}+)(?!\p{L})/iu,
      write: 'computadora, teléfono, elija, archivo, descargar',
      why: 'of Spain, or unclear for faxes',
    },
    { words: /(?<!\p{L})por sí sol[oa]s?(?!\p{L})/iu, write: 'automáticamente', why: 'reads as translated' },
    { words: /(?<!\p{L})revíselo pronto(?!\p{L})/iu, write: 'requiere atención', why: 'says nothing to do' },
    { words: /(?<!\p{L})e-?mails?(?!\p{L})/iu, write: 'correo', why: 'one word for one thing' },
    { words: /(?<!\p{L})(sustitu\p{L}+)(?!\p{L})/iu, write: 'reemplazar', why: 'one word for one thing' },
    { words: /(?<!\p{L})sellad[oa]s?(?!\p{L})/iu, write: 'cifrado', why: 'the standard term' },
    { words: /(?<!\p{L})bajo sospecha(?!\p{L})/iu, write: 'rechazado una vez', why: 'blames the reader' },
    { words: /(?<!\p{L})(a propósito)(?!\p{L})/iu, write: 'intencional', why: 'sounds like an accusation' },
  ],
};
