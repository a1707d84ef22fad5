import { type GgufHeader, readGgufHeader } from '#core/models/index.ts';

/** One model to import: its file, and the one that lets it see. */
export interface PickedModel {
  readonly file: File;
  readonly projector?: File;
}

interface Inspected {
  readonly file: File;
  /** Undefined: not readable, which the import says at its card. */
  readonly header: GgufHeader | undefined;
}

/**
 * Files that were chosen together, as models: each projector (`mmproj`) goes with its model. One that belongs to none of
 * them stays alone, and its import says what to do.
 */
export async function pairFiles(files: readonly File[]): Promise<readonly PickedModel[]> {
  if (files.length < 2) return files.map((file) => ({ file }));
  const inspected = await Promise.all(files.map(inspect));
  const models = inspected.filter(({ header }) => header?.projector === undefined);
  const projectors = inspected.filter(({ header }) => header?.projector !== undefined);
  const sight = new Map<File, File>();
  const alone: File[] = [];
  for (const projector of projectors) {
    const model = modelOf(
      projector,
      models.filter(({ file }) => !sight.has(file)),
    );
    if (model) sight.set(model.file, projector.file);
    else alone.push(projector.file);
  }
  const paired = models.map(({ file }): PickedModel => {
    const projector = sight.get(file);
    return { file, ...(projector ? { projector } : {}) };
  });
  return [...paired, ...alone.map((file) => ({ file }))];
}

async function inspect(file: File): Promise<Inspected> {
  const read = (start: number, end: number): Promise<ArrayBuffer> => file.slice(start, end).arrayBuffer();
  return { file, header: await readGgufHeader({ sizeBytes: file.size, read }).catch(() => undefined) };
}

/** The only one, else the one of the same name, else the one whose file shares most words of its name. */
function modelOf(projector: Inspected, models: readonly Inspected[]): Inspected | undefined {
  const usable = models.filter(({ header }) => header !== undefined);
  if (usable.length < 2) return usable[0];
  const name = projector.header?.name?.toLowerCase();
  const namesakes = usable.filter(({ header }) => name !== undefined && header?.name?.toLowerCase() === name);
  if (namesakes.length === 1) return namesakes[0];
  const words = wordsOf(projector.file);
  const shared = ({ file }: Inspected): number => wordsOf(file).filter((word) => words.includes(word)).length;
  const [best, next] = usable.toSorted((a, b) => shared(b) - shared(a));
  return best && next && shared(best) > shared(next) ? best : undefined;
}

/** Of 'mmproj-SmolVLM-500M-Instruct-Q8_0.gguf': smolvlm, 500m, instruct. How it is quantized says nothing. */
function wordsOf({ name }: File): readonly string[] {
  return name
    .toLowerCase()
    .replace(/\.gguf$/, '')
    .split(/[^a-z0-9.]+/)
    .filter((word) => !/^(?:mmproj|model|gguf|f16|bf16|f32|i?q\d.*|k|m|s|l|0|1)?$/.test(word));
}
