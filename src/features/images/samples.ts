import * as v from 'valibot';
import { AppError } from '#shared/errors.ts';

const FOLDER = '/samples/pictures';

const samplesSchema = v.object({
  files: v.array(v.pipe(v.string(), v.regex(/^[\w-]+\.webp$/))),
});

async function get(name: string): Promise<Response> {
  const response = await fetch(`${FOLDER}/${name}`).catch((cause: unknown) => {
    throw new AppError(
      'network/offline',
      'The sample pictures could not be reached. Connect once, then try again.',
      { cause },
    );
  });
  if (!response.ok)
    throw new AppError('network/failed', `The sample picture ${name} is missing (${response.status}).`);
  return response;
}

/** A few small pictures that come with the app, to try it at once. */
export async function fetchSamplePictures(): Promise<readonly File[]> {
  const { files } = v.parse(samplesSchema, await (await get('index.json')).json());
  return Promise.all(
    files.map(
      async (name) => new File([await (await get(name)).blob()], `Samples/${name}`, { type: 'image/webp' }),
    ),
  );
}
