import { useEffect, useRef } from 'react';
import { pastedDocument } from './pasted.ts';

const FIELD = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';

/** Cells copied from a spreadsheet come as text, as a page and as a picture of them: the text is meant. */
function isTextMeant(data: DataTransfer): boolean {
  const files = [...data.files];
  return (
    files.length === 0 ||
    (files.every(({ type }) => type.startsWith('image/')) && /<table[\s>]/i.test(data.getData('text/html')))
  );
}

/** What is pasted is taken wherever the focus is, except text in a field. */
export function usePasted(onFiles: (files: readonly File[]) => void, onText: (document: File) => void): void {
  const latest = useRef({ onFiles, onText });
  latest.current = { onFiles, onText };
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const data = event.clipboardData;
      if (event.defaultPrevented || data === null) return;
      const isField = event.target instanceof Element && event.target.closest(FIELD) !== null;
      const document = isTextMeant(data) ? pastedDocument(data.getData('text/plain'), Date.now()) : undefined;
      if (document ? isField : data.files.length === 0) return;
      event.preventDefault();
      event.stopPropagation(); // the drop zone would take the files once more
      if (document) latest.current.onText(document);
      else latest.current.onFiles([...data.files]);
    };
    // Before the drop zone, which knows files only.
    document.addEventListener('paste', onPaste, { capture: true });
    return () => document.removeEventListener('paste', onPaste, { capture: true });
  }, []);
}
