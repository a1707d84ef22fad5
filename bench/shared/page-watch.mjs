// Runs in the page, before its own scripts: the outside clock of the benches. It knows only what a person can see.

/** Installs `benchWatch`; given to addInitScript as it stands, so it must not use anything around it. */
export function watchAnswers() {
  const answers = 'article[aria-label="Answer"]';

  /** Text of the answer itself: not the line that says what it waits for, not the buttons below. */
  const isWritten = (article) =>
    [...article.children].some(
      (child) => child.tagName !== 'P' && child.querySelector('button') === null && child.textContent !== '',
    );

  /** Settles when `look` returns something else than undefined; looks at every change of the document. */
  const until = (look) =>
    new Promise((resolve) => {
      const observer = new MutationObserver(check);
      function check() {
        const found = look();
        if (found === undefined) return;
        observer.disconnect();
        resolve(found);
      }
      observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
      check();
    });

  async function nextAnswer() {
    const times = {};
    const sent = (event) => {
      if (event.type === 'click' || event.key === 'Enter') times.sentMs ??= performance.now();
    };
    for (const type of ['keydown', 'click']) addEventListener(type, sent, { capture: true });
    let hasBegun = false;
    await until(() => {
      const last = [...document.querySelectorAll(answers)].at(-1);
      const isBusy = last?.getAttribute('aria-busy') === 'true';
      hasBegun ||= isBusy;
      if (!hasBegun || last === undefined) return undefined;
      if (times.firstTextMs === undefined && isWritten(last)) times.firstTextMs = performance.now();
      if (isBusy) return undefined;
      times.endMs = performance.now();
      times.status = last.dataset.status;
      return true;
    });
    for (const type of ['keydown', 'click']) removeEventListener(type, sent, { capture: true });
    return times;
  }

  /** The question can be typed. */
  const usable = until(() => {
    const composer = document.querySelector('textarea[aria-label="Your question"]');
    if (composer === null || composer.disabled) return undefined;
    return { atMs: Date.now(), sinceStartMs: performance.now() };
  });

  globalThis.benchWatch = { until, nextAnswer, usable };
}
