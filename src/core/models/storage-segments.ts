/** What the page knows of its space. Figures are the browser's; it may round them. */
export interface StorageOverview {
  readonly quotaBytes?: number;
  /** Everything of this origin. */
  readonly usageBytes?: number;
  /** Originals and texts of documents, where known. */
  readonly documentsBytes?: number;
  /** Originals of pictures, where known. */
  readonly picturesBytes?: number;
  /** Persistent: the browser does not clear it under pressure. */
  readonly isPersisted: boolean;
}

export interface StorageSegment {
  readonly kind: 'model' | 'documents' | 'pictures' | 'other' | 'free';
  /** Model id; the kind's name otherwise. */
  readonly id: string;
  readonly label: string;
  readonly bytes: number;
}

export interface StoredSize {
  readonly id: string;
  readonly label: string;
  readonly bytes: number;
}

/**
 * What takes the space, largest model first, then documents, pictures, the rest, and what is free. The browser's total may lag behind
 * the files: the rest is never negative, and the sum is then larger than the stated usage.
 */
export function storageSegments(
  models: readonly StoredSize[],
  overview: StorageOverview,
): readonly StorageSegment[] {
  const modelSegments = models
    .filter((model) => model.bytes > 0)
    .toSorted((a, b) => b.bytes - a.bytes)
    .map((model): StorageSegment => ({ kind: 'model', ...model }));
  const modelBytes = modelSegments.reduce((sum, segment) => sum + segment.bytes, 0);
  const documents = overview.documentsBytes ?? 0;
  const pictures = overview.picturesBytes ?? 0;
  const known = modelBytes + documents + pictures;
  const other = Math.max(0, (overview.usageBytes ?? 0) - known);
  const used = known + other;
  const segments: StorageSegment[] = [...modelSegments];
  if (documents > 0)
    segments.push({ kind: 'documents', id: 'documents', label: 'Documents', bytes: documents });
  if (pictures > 0) segments.push({ kind: 'pictures', id: 'pictures', label: 'Pictures', bytes: pictures });
  if (other > 0) {
    const label =
      overview.documentsBytes === undefined ? 'Documents, threads and the app' : 'Threads, index and the app';
    segments.push({ kind: 'other', id: 'other', label, bytes: other });
  }
  const free = Math.max(0, (overview.quotaBytes ?? used) - used);
  if (free > 0) segments.push({ kind: 'free', id: 'free', label: 'Free', bytes: free });
  return segments;
}
