import type { Progress } from '#shared/call.ts';
import type { WireError } from '#shared/errors.ts';

export type JobKind =
  | 'model-download'
  | 'model-import'
  | 'ingest'
  | 'image-ingest'
  | 'image-text'
  | 'image-captions'
  | 'transcribe';

/** A long act that survives a crash: what it is, how far it came, how it ended. */
export interface JobRecord {
  readonly id: string;
  readonly kind: JobKind;
  /** For people: 'Downloading SmolLM2 135M'. */
  readonly label: string;
  /** Structured-cloneable; its shape belongs to the kind. */
  readonly input: unknown;
  /** How far it came; undefined at the start. Its shape belongs to the kind. */
  readonly cursor?: unknown;
  readonly state: 'queued' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled';
  readonly progress?: Progress;
  readonly error?: WireError;
  readonly createdAt: number;
  readonly updatedAt: number;
}
