/** One shape of progress for downloads, compilation, indexing, training: the UI needs to know no other. */
export interface Progress {
  readonly phase:
    | 'download'
    | 'verify'
    | 'load'
    | 'compile'
    | 'warmup'
    | 'parse'
    | 'recognize'
    | 'embed'
    | 'process';
  /** Never goes backwards within a phase. */
  readonly done: number;
  /** Absent when unknown: no made-up totals. */
  readonly total?: number;
  /** `total` was worked out from what was measured so far, and may still change. */
  readonly isEstimate?: boolean;
  /** Where `total` may change: how far it is, 0 to 1, never backwards. */
  readonly share?: number;
  readonly unit: 'bytes' | 'items' | 'tokens' | 'pages' | 'seconds' | 'fraction';
  /** What is being worked on, for people: a file name, a model's label. */
  readonly label: string;
}

/** How far it is, 0 to 1; undefined while nobody knows. */
export function shareOf(progress: Progress | undefined): number | undefined {
  return progress?.share ?? (progress?.total ? Math.min(1, progress.done / progress.total) : undefined);
}

/** What a caller may pass beside the input. Every port method takes it as its second parameter. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: Progress) => void;
}

/** What the serving side receives beside the input. */
export interface CallContext {
  readonly signal: AbortSignal;
  progress(event: Progress): void;
}
