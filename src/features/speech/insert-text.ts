/** Puts text where the caret is, in place of what is selected, with a space where words would touch; the caret follows. */
export function insertText(box: HTMLTextAreaElement, text: string): void {
  const { selectionStart, selectionEnd, value } = box;
  const before = /\S$/.test(value.slice(0, selectionStart)) ? ' ' : '';
  const after = /^[\p{L}\p{N}]/u.test(value.slice(selectionEnd)) ? ' ' : '';
  box.focus();
  box.setRangeText(`${before}${text}${after}`, selectionStart, selectionEnd, 'end');
  box.dispatchEvent(new Event('input', { bubbles: true }));
}
