import type { PromptImage } from '#core/ports/chat-engine.ts';

type Part = { readonly type: string; readonly text?: string; readonly image_url?: { readonly url: string } };

/**
 * An OpenAI-compatible server whose model sees one thing: the colour in the middle of each picture of the last question.
 * It reads what it is sent, as servers do, and states no token counts.
 */
export function colourServer(models: unknown): typeof fetch {
  return async (input, init) => {
    const { pathname } = new URL(String(input));
    if (pathname === '/v1/models') return Response.json(models);
    if (pathname !== '/v1/chat/completions') return problem(404, 'File Not Found');
    const { messages } = JSON.parse(String(init?.body)) as { messages: { content: string | Part[] }[] };
    const seen: string[] = [];
    for (const url of messages.flatMap(({ content }) => picturesOf(content))) {
      if (!/^data:image\/(?:png|jpeg);base64,/.test(url)) return problem(400, 'Pictures come as data');
      const colour = await middleOf(await (await fetch(url)).blob()).catch(() => undefined);
      if (colour === undefined) return problem(400, 'Failed to load image or audio file');
      seen.push(colour);
    }
    init?.signal?.throwIfAborted();
    return spoken(seen.length === 0 ? 'I see no picture.' : seen.join(' and '));
  };
}

const problem = (status: number, message: string): Response =>
  Response.json({ error: { message, code: status } }, { status });

const picturesOf = (content: string | readonly Part[]): readonly string[] =>
  typeof content === 'string' ? [] : content.flatMap(({ image_url }) => image_url?.url ?? []);

function spoken(text: string): Response {
  const lines = [
    { choices: [{ delta: { content: text } }] },
    { choices: [{ delta: {}, finish_reason: 'stop' }] },
  ].map((event) => `data: ${JSON.stringify(event)}\n\n`);
  return new Response(`${lines.join('')}data: [DONE]\n\n`);
}

async function middleOf(bytes: Blob): Promise<string> {
  const bitmap = await createImageBitmap(bytes);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  const [red = 0, green = 0, blue = 0] =
    context?.getImageData(bitmap.width >> 1, bitmap.height >> 1, 1, 1).data ?? [];
  const most = Math.max(red, green, blue);
  return most === red ? 'red' : most === green ? 'green' : 'blue';
}

/** A sheet of one colour. */
export async function sheet(colour: string, mediaType: PromptImage['mediaType']): Promise<PromptImage> {
  const canvas = new OffscreenCanvas(64, 32);
  const context = canvas.getContext('2d');
  if (context) context.fillStyle = colour;
  context?.fillRect(0, 0, canvas.width, canvas.height);
  return { blob: await canvas.convertToBlob({ type: mediaType }), mediaType, width: 64, height: 32 };
}
