/** Enhances pages that also work without it. Stores nothing in the browser. */
const announce = (text) => {
  const status = document.getElementById('announce');
  if (status) status.textContent = text;
};

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value ?? field.textContent);
    announce(button.dataset.copied);
    button.firstChild.data = button.dataset.copied;
  } catch {
    field.focus();
    if (field.select)
      field.select(); // no clipboard access (plain http, old browser): the person presses one key to copy
    else getSelection().selectAllChildren(field);
    announce(button.dataset.failed);
  }
}

function enhance(part) {
  for (const button of part.querySelectorAll('[data-copy], [data-print]')) button.hidden = false;
}

/** Moves the focus to what must be read first: the error summary, otherwise the notification. */
function focusNews() {
  const news = document.querySelector('.govuk-error-summary') ?? document.querySelector('main [role=alert]');
  if (!news) return;
  news.tabIndex = -1;
  news.focus();
}

/** Fetches this page again and replaces it only when its state has changed. */
function refreshLater() {
  const main = document.getElementById('main');
  const seconds = Number(main?.dataset.refreshSeconds);
  if (!seconds) return;
  setTimeout(async () => {
    if (document.hidden) return refreshLater();
    try {
      const answer = await fetch(location.href, { cache: 'no-store' });
      if (answer.redirected || (answer.status >= 400 && answer.status < 500)) return location.reload(); // signed out
      if (!answer.ok) return refreshLater();
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const next = page.getElementById('main');
      if (next && JSON.stringify(next.dataset) !== JSON.stringify(main.dataset)) {
        main.replaceWith(document.adoptNode(next));
        document.title = page.title;
        enhance(next);
        announce(next.querySelector('h1')?.textContent.trim() ?? page.title);
      } else {
        for (const part of main.querySelectorAll('[data-live]')) {
          const now = page.getElementById(part.id);
          if (now) part.replaceWith(document.adoptNode(now));
        }
      }
    } catch {
      // The server cannot be reached now; the next attempt follows.
    }
    refreshLater();
  }, seconds * 1000);
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-copy]');
  if (button) return copy(button);
  if (event.target.closest('[data-print]')) return print();
  const link = event.target.closest('.govuk-error-summary a[href^="#"]');
  const field = link && document.getElementById(link.hash.slice(1));
  if (field) {
    event.preventDefault();
    field.scrollIntoView({ block: 'center' });
    field.focus({ preventScroll: true });
  }
});

// The space bar activates a link that looks like a button, as it does a button.
document.addEventListener('keydown', (event) => {
  const link = event.target.closest?.('a[role=button]');
  if (link && event.key === ' ') {
    event.preventDefault();
    link.click();
  }
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  if (form.method !== 'post') return;
  form.dataset.sent = 'yes';
  event.submitter?.setAttribute('aria-disabled', 'true');
  announce(document.getElementById('announce')?.dataset.busy);
});

// After the browser's back button, the form can be submitted again.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
  for (const button of document.querySelectorAll('button[aria-disabled]')) button.removeAttribute('aria-disabled');
});

enhance(document);
focusNews();
refreshLater();
