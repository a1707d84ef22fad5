export { BEIR_PATHS, type BeirFiles, formatBeir, parseBeir } from './beir.ts';
export {
  checkDataset,
  type DatasetProblems,
  type EvalDataset,
  type EvalDocument,
  judgedQueries,
} from './dataset.ts';
export { METRICS, type MetricName, RANKING_DEPTH } from './metrics.ts';
export { datasetOf, type NamedChunk, passageId } from './question-set.ts';
export { createRandom } from './random.ts';
export { type EvalReport, formatTrecRun, reportOf, type SettingReport } from './report.ts';
export { rankDocuments, runSetting, type SettingRun } from './run.ts';
export {
  type EvalSetting,
  type EvalWordings,
  RETRIEVAL_MODES,
  type RetrievalMode,
  rankingOf,
  settingLabel,
  settingsOf,
} from './settings.ts';
export { bootstrapInterval, comparePaired, type Interval, type PairedTest } from './significance.ts';
