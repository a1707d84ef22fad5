import { type Progress, shareOf } from '#shared/call.ts';

const LOADING: Partial<Record<Progress['phase'], string>> = {
  download: 'Fetching',
  load: 'Loading',
  compile: 'Compiling for the GPU',
  warmup: 'Warming up',
};

/** 'Loading 43 %'. */
export function loadingWords(progress: Progress | undefined): string {
  const share = shareOf(progress);
  const phase = (progress && LOADING[progress.phase]) ?? 'Loading';
  return share === undefined ? `${phase}…` : `${phase} ${Math.round(share * 100)} %`;
}
