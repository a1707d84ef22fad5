// node scripts/models.mjs fetch starter|test|full|<model id>   puts verified model files into .models/<id>/<path>
// node scripts/models.mjs list                                 the catalog
// BENCHTOP_MODELS names another folder: any static server can serve it as /models (docs/deploy.md).
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cleanUp, sha256Of, sourcesOf } from './model-sources.mjs';

const PROJECT = resolve(import.meta.dirname, '..');

export function modelsFolder() {
  return resolve(PROJECT, process.env.BENCHTOP_MODELS ?? '.models');
}

export function readCatalog() {
  return JSON.parse(readFileSync(join(PROJECT, 'models/catalog.json'), 'utf8'));
}

function modelsOf(catalog, name) {
  const ids = catalog.packs[name] ?? [name];
  return ids.map((id) => {
    const model = catalog.models.find((entry) => entry.id === id);
    if (model === undefined)
      throw new Error(
        `There is no pack or model “${name}”. Packs: ${Object.keys(catalog.packs).join(', ')}.`,
      );
    return model;
  });
}

/** A file counts as here when its size is right and its hash was checked once: the stamp beside it remembers that. */
async function isVerified(path, file) {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return false;
  if (file.sizeBytes !== undefined && info.size !== file.sizeBytes) return false;
  if (file.sha256 === undefined) return true;
  const stamp = await readFile(`${path}.verified`, 'utf8').catch(() => '');
  const expected = `${file.sha256} ${info.size} ${Math.round(info.mtimeMs)}`;
  if (stamp === expected) return true;
  if ((await sha256Of(path)) !== file.sha256) return false;
  await writeFile(`${path}.verified`, expected);
  return true;
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 0)} MB`;

async function fetchFile(model, file, { folder, log, locate }) {
  const path = join(folder, model.id, file.path);
  if (await isVerified(path, file)) return false;
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  const failures = [];
  for (const [name, get] of sourcesOf(model, file, locate)) {
    try {
      log(
        `  ${model.id}/${file.path}${file.sizeBytes ? ` (${megabytes(file.sizeBytes)})` : ''} from ${name}`,
      );
      await get(part);
      const hash = await sha256Of(part);
      if (file.sha256 !== undefined && hash !== file.sha256)
        throw new Error(`its SHA-256 is ${hash}, expected ${file.sha256}`);
      await rename(part, path);
      await isVerified(path, file); // writes the stamp
      return true;
    } catch (error) {
      failures.push(`${name}: ${error.message}`);
      log(`    no: ${error.message}`);
    } finally {
      await rm(part, { force: true });
    }
  }
  throw new Error(
    `${model.id}/${file.path} could not be had.\n    ${failures.join('\n    ')}\n  Connect to a network, or put the file into ${path}.`,
  );
}

/**
 * Makes sure that a pack's files are here; a second run downloads nothing. Rejects with what failed and what to do.
 * @param {string} name pack or model id
 */
export async function fetchPack(
  name,
  { folder = modelsFolder(), catalog = readCatalog(), log = console.log } = {},
) {
  const failed = [];
  let fetched = 0;
  const locate = async (id) => {
    const [source] = modelsOf(catalog, id);
    await fetchFile(source, source.files[0], { folder, log, locate });
    return join(folder, id, source.files[0].path);
  };
  try {
    for (const model of modelsOf(catalog, name))
      for (const file of model.files)
        try {
          if (await fetchFile(model, file, { folder, log, locate })) fetched += 1;
        } catch (error) {
          failed.push(error.message);
        }
  } finally {
    await cleanUp();
  }
  if (failed.length > 0) throw new Error(failed.join('\n'));
  return { fetched };
}

/** Models of a pack that are not complete on this machine; sizes only, quick. */
export function missingFrom(name, { folder = modelsFolder(), catalog = readCatalog() } = {}) {
  return modelsOf(catalog, name)
    .filter((model) => model.files.some((file) => !existsSync(join(folder, model.id, file.path))))
    .map(({ id }) => id);
}

async function main([command, name = 'starter']) {
  if (command === 'list') {
    for (const { id, label, files } of readCatalog().models) {
      const isStated = files.every(({ sizeBytes }) => sizeBytes !== undefined);
      const size = isStated ? megabytes(files.reduce((sum, f) => sum + f.sizeBytes, 0)) : 'as the hub states';
      console.log(`${id.padEnd(30)} ${label.padEnd(28)} ${size}`);
    }
    return;
  }
  if (command !== 'fetch')
    throw new Error('Usage: node scripts/models.mjs fetch starter|test|full|<model id>   or: list');
  const { fetched } = await fetchPack(name);
  console.log(
    fetched === 0
      ? `${name}: everything is here.`
      : `${name}: ${fetched} files fetched into ${modelsFolder()}.`,
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  main(process.argv.slice(2)).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
