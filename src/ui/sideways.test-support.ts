/** Half a pixel is rounding. */
const SLACK = 0.5;

/** A box that was made to scroll by itself, and can be reached by keys for it. */
const isOwnScroller = (element: Element): boolean =>
  element.matches('[tabindex="0"]') && /auto|scroll/.test(getComputedStyle(element).overflowX);

/** Only for those who listen: a box of one pixel. */
const isUnseen = (element: Element): boolean =>
  element.clientWidth <= 1 && getComputedStyle(element).overflowX === 'hidden';

/**
 * What reaches out of the window to the left or right. The document's own scroll width says nothing of it: the screen clips
 * what is too wide, and its scrollers take it.
 */
export function runsOut(): readonly string[] {
  return [...document.body.querySelectorAll('*')].flatMap((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    if (width === 0 || (left >= -SLACK && right <= window.innerWidth + SLACK)) return [];
    for (let up = element.parentElement; up; up = up.parentElement)
      if (isOwnScroller(up) || isUnseen(up)) return [];
    return [`${element.outerHTML.slice(0, 160)} from ${left} to ${right}`];
  });
}
