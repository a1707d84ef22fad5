import { createEngineRoom, planFit } from '#core/models/index.ts';
import { RECORDED } from '#core/models/recorded-machines.test-support.ts';
import { gguf } from '#core/models/sample-catalog.test-support.ts';
import type {
  ChatEngine,
  GenerateRequest,
  LoadedModel,
  PromptImage,
  PromptMessage,
} from '#core/ports/chat-engine.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import { AppError } from '#shared/errors.ts';

export const SEEING = gguf('seeing', { label: 'Seer', sizeBytes: 1e8, seesImages: true });
export const BLIND = gguf('blind', { label: 'Mole', sizeBytes: 1e8 });

const TOKENS_A_PICTURE = 100;
const costOf = ({ content, images = [] }: PromptMessage): number =>
  (content.match(/\S+/g) ?? []).length + TOKENS_A_PICTURE * images.length;

/** 'red', 'green', 'blue' or 'grey': the mean of all pixels. */
async function colourOf({ blob, width, height }: PromptImage): Promise<string> {
  const bitmap = await createImageBitmap(blob).catch((cause: unknown) =>
    Promise.reject(new AppError('input/invalid', 'This picture cannot be decoded.', { cause })),
  );
  if (bitmap.width !== width || bitmap.height !== height)
    throw new Error('Not the size that it was said to have');
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  context?.drawImage(bitmap, 0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = context?.getImageData(0, 0, 1, 1).data ?? [];
  const most = Math.max(r, g, b);
  if (most - Math.min(r, g, b) < 30) return 'grey';
  return most === r ? 'red' : most === g ? 'green' : 'blue';
}

/** A ChatEngine that looks: it says the colour of every picture of the conversation, in their order. */
export function makeSeeingRoom({ contextTokens = 2048 } = {}) {
  const asked: GenerateRequest[] = [];
  let loaded: LoadedModel | undefined;
  const engine: ChatEngine = {
    async load({ model, threads }) {
      const sees = model.seesImages ? { seesImages: true as const } : {};
      loaded = {
        modelId: model.id,
        contextTokens,
        runsOn: 'wasm',
        threads,
        placeLabel: 'WASM',
        loadMs: 1,
        ...sees,
      };
      return loaded;
    },
    async unload() {
      loaded = undefined;
    },
    async countTokens({ messages }) {
      const perMessage = messages.map(costOf);
      return { perMessage, total: perMessage.reduce((sum, tokens) => sum + tokens, 0), isExact: true };
    },
    async *generate(request, { signal } = {}) {
      asked.push(request);
      const images = request.messages.flatMap((message) => message.images ?? []);
      if (images.length > 0 && !loaded?.seesImages)
        throw new AppError('input/unsupported', 'It sees nothing.');
      const colours: string[] = [];
      for (const image of images) colours.push(await colourOf(image));
      throwIfAborted(signal);
      yield { type: 'text-delta', text: `I see ${colours.join(', ') || 'nothing'}.` };
      const usage = {
        promptTokens: request.messages.reduce((sum, message) => sum + costOf(message), 0),
        cachedTokens: 0,
        completionTokens: 3,
        ttftMs: 1,
        prefillTokensPerSecond: 1,
        decodeTokensPerSecond: 1,
      };
      yield { type: 'finish', reason: 'stop', usage };
    },
  };
  const machine = RECORDED.find(([label]) => label.startsWith('NVIDIA RTX 3060'))?.[1];
  if (!machine) throw new Error('no such machine');
  const settings = new Map<string, unknown>();
  const room = createEngineRoom({
    engine,
    models: async (id) => [SEEING, BLIND].find((model) => model.id === id),
    isStored: async () => true,
    plan: async (model, wish) => planFit(model, machine, { ...wish, contextTokens }),
    settings: {
      get: async (key) => settings.get(key),
      set: async (key, value) => void settings.set(key, value),
    },
    onStepDown: async () => false,
  });
  return { room, asked };
}

/** A picture file of one colour. */
export async function coloured(name: string, colour: string, width = 60, height = 40): Promise<File> {
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (context === null) throw new Error('No canvas');
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
  const type = name.endsWith('.jpg') ? 'image/jpeg' : 'image/png';
  return new File([await context.canvas.convertToBlob({ type })], name, { type });
}
