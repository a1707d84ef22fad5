const PACK = '../../models/packs/tiny-vlm/';
const urls = import.meta.glob<string>('../../models/packs/tiny-vlm/{onnx/*.onnx,*.json}', {
  query: '?url',
  import: 'default',
  eager: true,
});

export const TINY_VLM_PATHS = Object.keys(urls).map((path) => path.slice(PACK.length));

/** Puts the pack where a download would: no hub and no mirror has it. */
export async function storeTinyVlm(modelId: string): Promise<void> {
  const top = await navigator.storage.getDirectory();
  const models = await top.getDirectoryHandle('models', { create: true });
  const model = await models.getDirectoryHandle(modelId, { create: true });
  const put = async (path: string, content: Blob | string): Promise<void> => {
    const parts = path.split('/');
    let folder = model;
    for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create: true });
    const handle = await folder.getFileHandle(parts.at(-1) ?? path, { create: true });
    const writable = await handle.createWritable();
    await writable.write(content);
    await writable.close();
  };
  const verified: Record<string, string> = {};
  for (const [path, url] of Object.entries(urls)) {
    await put(path.slice(PACK.length), await (await fetch(url)).blob());
    verified[path.slice(PACK.length)] = '0'.repeat(64);
  }
  const files = TINY_VLM_PATHS.map((path) => ({ path }));
  await put('.benchtop.json', JSON.stringify({ modelId, addedAt: Date.now(), files, verified, etags: {} }));
}
