// Everything works without this file: it copies for you, and opens the name menu when the pointer comes near.
for (const button of document.querySelectorAll('[data-copy]')) {
  const id = button.getAttribute('data-copy');
  const source = document.getElementById(id);
  const said = document.getElementById(`${id}-copied`);
  button.hidden = false;
  button.addEventListener('click', async () => {
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
      said.textContent = 'Copied.';
    } catch {
      said.textContent = 'Selected. Copy it with your keyboard.';
    }
  });
}
for (const menu of document.querySelectorAll('details.menu')) {
  menu.addEventListener('pointerenter', (event) => {
    if (event.pointerType === 'mouse') menu.open = true;
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') menu.open = false;
  });
  document.addEventListener('click', (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}
