import {
  AutoProcessor,
  AutoTokenizer,
  type PreTrainedTokenizer,
  type Processor,
} from '@huggingface/transformers';
import * as v from 'valibot';
import { thinksFirst } from '#core/models/index.ts';
import type { GenerateEvent, LoadedModel, LoadRequest } from '#core/ports/chat-engine.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { waitUnlessAborted } from '#shared/turns.ts';
import { type ChatConfig, readChatConfig } from './chat-config.ts';
import { type ChatGraphs, openChatGraphs } from './chat-graphs.ts';
import { createPictureReader } from './chat-pictures.ts';
import { choosePlace } from './chat-place.ts';
import { createPromptMaker, type PromptMaker } from './chat-prompt.ts';
import { openChatTemplate } from './chat-template.ts';
import { checkGpu } from './check-gpu.ts';
import { withLibraryFiles } from './library-files.ts';
import type { OpenModelDeps } from './open-model.ts';
import { createPromptReader, type PromptReader } from './prompt-reader.ts';

export interface OpenChatModel {
  readonly request: LoadRequest;
  readonly loaded: LoadedModel;
  readonly prompts: PromptMaker;
  readonly reader: PromptReader;
  /** An answer ends where one of these comes. */
  readonly ends: ReadonlySet<number>;
  textOf(tokens: readonly number[]): string;
  /** What the user has to know about this load; once. */
  takeWarning(): GenerateEvent | undefined;
  close(): Promise<void>;
}

const GPU_PROBE = 'The sun rises in the east and sets in the west, and the moon';
/** Computing the probe on the CPU as well costs the memory of these weights, which is not given back. */
const MOST_CHECKED_BYTES = 400_000_000;

const REUSE_WARNING = {
  type: 'warning',
  code: 'kv-reuse-differs',
  message:
    'On this graphics processor a reused beginning and a whole prompt give different answers: every question is computed whole, which takes longer.',
} as const;

const templateFile = v.looseObject({ chat_template: v.string() });

/** Loads a chat model from stored files. Errors: those of ChatEngine.load. */
export async function openChatModel(
  request: LoadRequest,
  { openFile }: Pick<OpenModelDeps, 'openFile'>,
  { signal, onProgress }: CallOptions,
): Promise<OpenChatModel> {
  const startedAt = performance.now();
  const { model } = request;
  const place = await choosePlace(request);
  const files = await waitUnlessAborted(openAll(request, openFile), signal);
  const total = [...files.values()].reduce((sum, file) => sum + file.size, 0);
  let done = 0;
  const open = async (path: string): Promise<Blob> => {
    throwIfAborted(signal);
    const file = files.get(path);
    if (file === undefined) throw new AppError('model/not-found', `${model.label} has no ${path}.`);
    done += file.size;
    onProgress?.({ phase: 'load', done, total, unit: 'bytes', label: model.label });
    return file;
  };
  const json = async (path: string): Promise<unknown> => {
    const file = files.get(path);
    return file === undefined ? undefined : JSON.parse(await file.text());
  };
  onProgress?.({ phase: 'load', done, total, unit: 'bytes', label: model.label });
  const config = await readChatConfig(json, model.label);
  const graphs = await openChatGraphs({
    model,
    modelType: config.modelType,
    runsOn: place.runsOn,
    open,
  });
  try {
    throwIfAborted(signal);
    const { tokenizer, processor } = await openWords(files, graphs.seesImages);
    const prompts = createPrompts(request, {
      config,
      tokenizer,
      processor,
      template: await templateOf(json, files),
    });
    const reader = createPromptReader(graphs, place.runsOn, config.imageToken);
    let warning: GenerateEvent | undefined;
    if (place.runsOn === 'webgpu') {
      const probe = tokenizer.encode(GPU_PROBE, { add_special_tokens: false });
      const check = await checkGpu(graphs, probe, () => openOnCpu(request, config, files), model.label);
      throwIfAborted(signal);
      reader.setReuse(!check.reuseDiffers);
      if (check.reuseDiffers) warning = REUSE_WARNING;
    }
    onProgress?.({ phase: 'load', done: total, total, unit: 'bytes', label: model.label });
    throwIfAborted(signal);
    return {
      request,
      prompts,
      reader,
      takeWarning() {
        const given = warning;
        warning = undefined;
        return given;
      },
      ends: new Set([...config.ends, ...endOf(tokenizer)]),
      textOf: (tokens) =>
        tokenizer.decode([...tokens], { skip_special_tokens: true, clean_up_tokenization_spaces: false }),
      close: () => graphs.release(),
      loaded: {
        modelId: model.id,
        contextTokens: Math.min(request.contextTokens, model.contextTokens, config.maxPositions),
        runsOn: place.runsOn,
        threads: place.threads,
        placeLabel: place.label,
        loadMs: performance.now() - startedAt,
        ...(graphs.seesImages ? { seesImages: true } : {}),
      },
    };
  } catch (error) {
    await graphs.release();
    throw error;
  }
}

async function openAll(
  { model }: LoadRequest,
  openFile: OpenModelDeps['openFile'],
): Promise<ReadonlyMap<string, File>> {
  return new Map(
    await Promise.all(model.files.map(async ({ path }) => [path, await openFile(model.id, path)] as const)),
  );
}

/** The words' graphs, to compare a GPU with; undefined where they are too large for a check. */
async function openOnCpu(
  { model }: LoadRequest,
  { modelType }: ChatConfig,
  files: ReadonlyMap<string, Blob>,
): Promise<ChatGraphs | undefined> {
  const words = model.files.filter(({ path }) => !/(?:^|\/)vision_encoder/.test(path));
  const bytes = words.reduce(
    (sum, { path }) => sum + (/\.onnx/.test(path) ? (files.get(path)?.size ?? 0) : 0),
    0,
  );
  if (bytes > MOST_CHECKED_BYTES) return undefined;
  return openChatGraphs({
    model: { ...model, files: words },
    modelType,
    runsOn: 'wasm',
    open: async (path) => files.get(path) ?? new Blob(),
  });
}

interface Words {
  readonly tokenizer: PreTrainedTokenizer;
  /** Of a model that sees pictures. */
  readonly processor: Processor | undefined;
}

/** By the library's own Auto classes: each family has its way to turn pictures and words into a prompt. */
function openWords(files: ReadonlyMap<string, Blob>, seesImages: boolean): Promise<Words> {
  return withLibraryFiles(files, async (name) => {
    if (!seesImages) return { tokenizer: await AutoTokenizer.from_pretrained(name), processor: undefined };
    const processor = await AutoProcessor.from_pretrained(name);
    return { processor, tokenizer: processor.tokenizer ?? (await AutoTokenizer.from_pretrained(name)) };
  });
}

/** Some models keep it beside the tokenizer's settings. */
async function templateOf(
  json: (path: string) => Promise<unknown>,
  files: ReadonlyMap<string, Blob>,
): Promise<string | undefined> {
  const jinja = files.get('chat_template.jinja');
  if (jinja !== undefined) return jinja.text();
  const file = await json('chat_template.json');
  return file === undefined ? undefined : v.parse(templateFile, file).chat_template;
}

function createPrompts(
  { model }: LoadRequest,
  {
    config,
    tokenizer,
    processor,
    template,
  }: Words & { readonly config: ChatConfig; readonly template: string | undefined },
): PromptMaker {
  const { label } = model;
  const token = config.imageToken;
  if (processor !== undefined && token === undefined)
    throw new AppError('input/unsupported', `${label} does not say which token stands for a picture.`);
  const picture = processor === undefined || token === undefined ? undefined : tokenizer.decode([token]);
  return createPromptMaker({
    tokenizer,
    label,
    template: openChatTemplate({ tokenizer, template, label, picture, thinksFirst: thinksFirst(model) }),
    pictures:
      processor === undefined || token === undefined || picture === undefined
        ? undefined
        : {
            token,
            reader: createPictureReader(processor, tokenizer, {
              token: picture,
              processorClass: config.processorClass,
              label,
            }),
          },
  });
}

function endOf(tokenizer: PreTrainedTokenizer): readonly number[] {
  const { eos_token_id: end } = tokenizer as { readonly eos_token_id?: unknown };
  return typeof end === 'number' ? [end] : [];
}
