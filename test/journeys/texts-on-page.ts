import type { Page } from '../support/visits/browser.js';
import { outsideBrackets } from '../support/texts/pseudo-texts.js';

/** Every text that a person can encounter on the page: visible, read aloud, or in the browser's frame. */
const everyText = `(() => {
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode;
    // The words of RingCentral's page, in our drawings of it.
    if (parentElement.closest('script, style, noscript, .drawing text')) continue;
    // A sentence in which such words stand out is one text.
    const sentence = parentElement.closest(':has(> .chip)');
    if (!sentence) texts.push(data);
    else if (walker.currentNode === sentence.firstChild || data === sentence.querySelector('.chip').textContent) texts.push(sentence.textContent);
  }
  for (const element of document.body.querySelectorAll('*'))
    for (const name of ['alt', 'aria-label', 'title', 'placeholder', 'label', 'data-copied', 'data-failed', 'data-busy'])
      if (element.hasAttribute(name)) texts.push(element.getAttribute(name));
  return texts;
})()`;

/** The words on the page that come from no catalog when it is shown with pseudo-texts; these should be data only. */
export async function wordsOfItsOwn(page: Page): Promise<string[]> {
  const texts = await page.evaluate<string[]>(everyText);
  return texts.map((text) => outsideBrackets(text).trim()).filter((text) => /\p{L}/u.test(text));
}
