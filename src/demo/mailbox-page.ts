import express, { type Express } from 'express';
import type { CaughtMail, SmtpCatcher } from './smtp-catcher.js';

/**
 * The demo's mails as pages, because the mails are delivered to no inbox. Loopback only: a reader can follow every
 * link.
 */
export function mailboxApp(catcher: Pick<SmtpCatcher, 'messages'>): Express {
  const app = express().disable('x-powered-by').disable('etag');
  app.use((_req, res, next) => {
    res.set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    });
    next();
  });
  app.get('/', (_req, res) => res.send(listPage(catcher.messages())));
  app.get('/mailbox.css', (_req, res) => res.type('css').send(css));
  app.get('/messages.json', (_req, res) => res.json(catcher.messages().map(toJson)));
  app.get('/mails/:id', (req, res) => {
    const mail = catcher.messages().find(({ id }) => String(id) === req.params.id);
    if (mail) res.send(mailPage(mail));
    else res.status(404).send(layout('No such mail', '<p><a href="/">All mails</a></p>'));
  });
  app.get('/mails/:id/html', (req, res) => {
    const mail = catcher.messages().find(({ id }) => String(id) === req.params.id);
    res.set('Content-Security-Policy', htmlPolicy);
    if (mail && mail.html !== '') res.send(htmlOf(mail));
    else res.status(404).send(layout('No such mail', ''));
  });
  return app;
}

/** The mail's own HTML runs, loads and sends nothing; only a click on a link leaves it. */
const sandbox = 'allow-top-navigation-by-user-activation';
const htmlPolicy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox ${sandbox}`;

/** As a mail program shows it: with its attached pictures, and links that open in the whole window. */
const htmlOf = ({ html, pictures }: CaughtMail): string =>
  Object.entries(pictures)
    .reduce((shown, [cid, source]) => shown.replaceAll(`src="cid:${cid}"`, `src="${source}"`), html)
    .replaceAll('<a href=', '<a target="_top" href=');

const toJson = ({ id, from, to, subject, text, html, at }: CaughtMail) => ({
  ...{ id, from, to, subject, text, html },
  at: at.toISOString(),
  links: linksOf(text),
});

function listPage(mails: readonly CaughtMail[]): string {
  const rows = [...mails].reverse().map(
    ({ id, to, subject, at }) => `<tr>
<th scope="row"><a href="/mails/${id}">${escape(subject || 'No subject')}</a></th>
<td>${escape(to)}</td><td>${time(at)}</td></tr>`,
  );
  const table = `<table><caption>${rows.length === 1 ? '1 mail' : `${rows.length} mails`}, the newest first</caption>
<thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">Sent</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
  return layout(
    'Demo mailbox',
    `<p>Every mail that the demo sends ends here. None leaves this machine.</p>
${rows.length > 0 ? table : '<p>No mail yet.</p>'}
<p><a href="/">Look again</a></p>`,
  );
}

function mailPage({ id, from, to, subject, text, html, files, at }: CaughtMail): string {
  return layout(
    subject || 'No subject',
    `<dl><div><dt>From</dt><dd>${escape(from)}</dd></div><div><dt>To</dt><dd>${escape(to)}</dd></div>
<div><dt>Sent</dt><dd>${time(at)}</dd></div></dl>
${html === '' ? '' : frameOf(id)}
<h2>As text</h2>
<div class="mail">${withLinks(text)}</div>
${files.map(fileOf).join('')}
<p><a href="/">All mails</a></p>`,
  );
}

const fileOf = ({ name, text }: { name: string; text: string }): string =>
  `<h2>Attached: ${escape(name)}</h2><div class="mail">${escape(text)}</div>`;

const frameOf = (id: number): string => `<h2>As HTML</h2>
<iframe class="html" title="The mail as HTML" src="/mails/${id}/html" sandbox="${sandbox}"></iframe>`;

const layout = (title: string, content: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><link rel="stylesheet" href="/mailbox.css"></head>
<body><main><h1>${escape(title)}</h1>
${content}
</main></body></html>`;

const time = (at: Date) =>
  `<time datetime="${at.toISOString()}">${at.toISOString().slice(0, 19).replace('T', ' ')} UTC</time>`;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

/** An address without the period or bracket that ends the sentence around it. */
const address = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/g;
const linksOf = (text: string): string[] => text.match(address) ?? [];

function withLinks(text: string): string {
  let html = '';
  let end = 0;
  for (const { 0: url, index } of text.matchAll(address)) {
    html += `${escape(text.slice(end, index))}<a href="${escape(url)}">${escape(url)}</a>`;
    end = index + url.length;
  }
  return html + escape(text.slice(end));
}

const css = `
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: #0b0c0c; background: #fff; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
caption { text-align: left; padding: 0.5rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.5rem 1rem 0.5rem 0; border-bottom: 1px solid #b1b4b6; }
th a { display: inline-block; min-height: 1.5rem; }
dl div { display: flex; gap: 1rem; }
dt { min-width: 4rem; font-weight: bold; }
dd { margin: 0; }
.html { width: 100%; height: 30rem; border: 1px solid #505a5f; }
.mail { white-space: pre-wrap; border: 1px solid #505a5f; padding: 1rem; margin: 1rem 0; }
a { color: #1d4ed8; }
a:focus-visible { outline: 3px solid #0b0c0c; outline-offset: 2px; }
`;
