/**
 * The words of each clinic's name and of the ISV's own id for it, by whose beginning staff find it. Names exist in many
 * languages, and neither database folds them alike, so each word is stored as it is compared.
 */
const TENANTS_AT_ONCE = 200;
const ROWS_AT_ONCE = 400; // SQLite accepts 500
const LONGEST_WORD = 64;

exports.up = async (knex) => {
  await knex.schema.createTable('tenant_words', (table) => {
    table.text('tenant_id').notNullable().references('id').inTable('tenants');
    table.text('word').notNullable();
    table.primary(['tenant_id', 'word']);
    table.index(['word', 'tenant_id']);
  });
  for (let after = '', page; ; after = page.at(-1).id) {
    page = await knex('tenants')
      .where('id', '>', after)
      .orderBy('id')
      .limit(TENANTS_AT_ONCE)
      .select('id', 'name', 'external_ref');
    const rows = page.flatMap((row) =>
      wordsOf(row.name, row.external_ref).map((word) => ({ tenant_id: row.id, word })),
    );
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
      await knex('tenant_words').insert(rows.slice(at, at + ROWS_AT_ONCE));
    if (page.length < TENANTS_AT_ONCE) return;
  }
};

/** As `tenants/search/tenant-words.ts` was when this was written. */
const plain = { æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ħ: 'h', ł: 'l', þ: 'th', ς: 'σ' };

const folded = (text) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{Cc}/gu, ' ')
    .replace(/[\p{M}\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[æœøđðħłþς]/gu, (letter) => plain[letter]);

function wordsOf(...texts) {
  const chunks = texts.flatMap((text) => folded(text).split(/\s+/u)).filter((chunk) => chunk !== '');
  const words = chunks.flatMap((chunk) => {
    const parts = chunk.split(/\p{P}+/u).filter((part) => part !== '');
    return parts.length === 0 ? [chunk] : parts.map((_part, index) => parts.slice(index).join(''));
  });
  return [...new Set(words.map((word) => Array.from(word).slice(0, LONGEST_WORD).join('')))];
}

exports.down = (knex) => knex.schema.dropTable('tenant_words');
