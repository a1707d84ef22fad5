export { parseCatalog } from './catalog.ts';
export type { EngineNews } from './engine-news.ts';
export { createEngineRoom, type EngineRoomPorts, type SharedEngineRoom } from './engine-room.ts';
export { createEngineRouter, type EngineMakers } from './engine-router.ts';
export {
  type ByteSource,
  type GgufHeader,
  type GgufProblem,
  readGgufHeader,
} from './gguf-header.ts';
export { loadParseModel, loadPlanFit } from './load-parts.ts';
export {
  type BrowserFamily,
  cpuBudgetBytes,
  describeMachine,
  engineThreads,
  freeBytes,
  type GpuProfile,
  gpuBudgetBytes,
  gpuClass,
  hasRealGpu,
  type MachineProfile,
  type MachineWords,
  type Platform,
} from './machine.ts';
export { downloadEstimate, residentBytes } from './model-size.ts';
export { areFilesKnown, pinFiles, pinsOf } from './pin-files.ts';
export { contextChoices, type FitOptions, type FitPlan, planFit, type SpeedClass } from './plan-fit.ts';
export { f32Twin, fromWebllmPrebuilt, libraryFile, type WebllmPrebuiltEntry } from './prebuilt.ts';
export { qualityScore, thinksFirst } from './quality.ts';
export { type Recommendation, type RecommendedModel, recommend } from './recommend.ts';
export { shareEngine } from './shared-engine.ts';
export { hasImages, requireSight, unreadablePicture } from './sight.ts';
export { specFromGguf, withSight } from './spec-from-gguf.ts';
export { canStepDown, type LoadAttempt, proposeStepDown, type StepDownProposal } from './step-down.ts';
export {
  type StorageOverview,
  type StorageSegment,
  type StoredSize,
  storageSegments,
} from './storage-segments.ts';
export { createTransferMeter, type TransferMeter, type TransferRate } from './transfer-rate.ts';
