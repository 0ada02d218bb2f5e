// The pages work without this file. It adds copy buttons and opens the name menu on hover.
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
  const isMouse = (event) => event.pointerType === 'mouse';
  menu.addEventListener('pointerenter', (event) => {
    if (isMouse(event)) menu.open = true;
  });
  menu.addEventListener('pointerleave', (event) => {
    if (isMouse(event)) menu.open = false;
  });
  // Hovering has already opened the menu, so a click must not close it. Keyboard and touch toggle it as usual.
  menu.querySelector('summary').addEventListener('click', (event) => {
    if (isMouse(event)) event.preventDefault();
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') menu.open = false;
  });
}
