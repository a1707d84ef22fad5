/**
 * The `data:` payloads of a server-sent event stream (WHATWG HTML, "Server-sent events"), in order. Ends at `[DONE]` or
 * with the stream. Lines may be cut anywhere between two network chunks.
 */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<string, void, void> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = '';
  let data: string[] = [];
  try {
    while (true) {
      const { done, value } = await reader.read();
      rest += value ?? '';
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) {
        if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
        else if (line === '' && data.length > 0) {
          const payload = data.join('\n');
          data = [];
          if (payload === '[DONE]') return;
          yield payload;
        }
      }
      if (done) break;
    }
    const payload = data.join('\n');
    if (payload !== '' && payload !== '[DONE]') yield payload;
  } finally {
    await reader.cancel().catch(() => {}); // the consumer may have left early; a broken stream has nothing to cancel
  }
}
