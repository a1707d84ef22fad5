import type { WireError } from '#shared/errors.ts';
import type { FolderChange } from './scan-folder.ts';

export interface FolderView {
  readonly id: string;
  readonly name: string;
  readonly collectionId: string;
  readonly lookedAt: number;
  readonly fileCount: number;
  /** 'asking' = the browser wants the user's word again before it lets us read. */
  readonly status: 'idle' | 'asking' | 'looking' | 'applying';
  readonly error?: WireError;
}

/** What was found, before anything happens. */
export interface FolderReview {
  readonly folderId: string;
  readonly foundAt: number;
  readonly name: string;
  readonly changes: readonly FolderChange[];
  /** Nothing is in the folder any more: rather a drive that is not there than the user's wish. */
  readonly isEmpty: boolean;
  readonly unreadableCount: number;
}

export interface FoldersState {
  readonly folders: readonly FolderView[];
  /** Shown one after the other; of a folder that was looked at twice the newer. */
  readonly reviews: readonly FolderReview[];
  readonly error?: WireError;
}
