import { useEffect, useState } from 'react';
import type { SourcePassage } from '#core/ports/chat-records.ts';
import { loadCheck, type Verification } from '#core/rag/index.ts';

/** Quotes, numbers and names of a finished answer against its passages; undefined until that is known. */
export function useVerification(
  text: string,
  passages: readonly SourcePassage[],
  isRunning: boolean,
): Verification | undefined {
  const [verification, setVerification] = useState<Verification>();
  useEffect(() => {
    setVerification(undefined);
    if (isRunning || text === '' || passages.length === 0) return;
    let isGone = false;
    loadCheck().then(
      ({ verifyAnswer }) => {
        if (!isGone) setVerification(verifyAnswer(text, passages));
      },
      // Could not be fetched: the answer stands without these marks, and “Check answer” says why.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [text, passages, isRunning]);
  return verification;
}
