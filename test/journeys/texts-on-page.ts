import type { Page } from '../support/visits/browser.js';
import { outsideBrackets } from '../support/texts/pseudo-texts.js';

/** Every text a person can come across on the page: shown, read out, or in the frame of the browser. */
const everyText = `(() => {
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode;
    if (!parentElement.closest('script, style, noscript')) texts.push(data);
  }
  for (const element of document.body.querySelectorAll('*'))
    for (const name of ['alt', 'aria-label', 'title', 'placeholder', 'label', 'data-copied', 'data-failed', 'data-busy'])
      if (element.hasAttribute(name)) texts.push(element.getAttribute(name));
  return texts;
})()`;

/** What a page says with words that are in no catalogue, when it is shown with the pseudo-texts: data only, one hopes. */
export async function wordsOfItsOwn(page: Page): Promise<string[]> {
  const texts = await page.evaluate<string[]>(everyText);
  return texts.map((text) => outsideBrackets(text).trim()).filter((text) => /\p{L}/u.test(text));
}
