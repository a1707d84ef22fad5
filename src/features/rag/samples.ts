import * as v from 'valibot';
import { AppError } from '#shared/errors.ts';

const samplesSchema = v.object({
  collection: v.string(),
  files: v.array(v.object({ path: v.pipe(v.string(), v.regex(/^[\w.-]+$/)), mediaType: v.string() })),
});

async function get(path: string): Promise<Response> {
  const response = await fetch(`/samples/${path}`).catch((cause: unknown) => {
    throw new AppError(
      'network/offline',
      'The sample documents could not be reached. Connect once, then try again.',
      {
        cause,
      },
    );
  });
  if (!response.ok)
    throw new AppError('network/failed', `The sample document ${path} is missing (${response.status}).`);
  return response;
}

/** A few short documents that come with the app, to try it at once. */
export async function fetchSamples(): Promise<{
  readonly collection: string;
  readonly files: readonly File[];
}> {
  const { collection, files } = v.parse(samplesSchema, await (await get('index.json')).json());
  return {
    collection,
    files: await Promise.all(
      files.map(
        async ({ path, mediaType }) => new File([await (await get(path)).blob()], path, { type: mediaType }),
      ),
    ),
  };
}
