// Stands before the server and writes down what is asked for: also what workers in workers fetch, which no page event tells.
import { createServer, request as forward } from 'node:http';

/** @returns {Promise<{ url: string, requests: readonly { path: string, wanted: string, atMs: number, wireBytes: number, encoding: string }[], close(): Promise<void> }>} */
export async function startCountingProxy(targetPort) {
  const requests = [];
  const server = createServer((incoming, outgoing) => {
    const entry = {
      path: new URL(incoming.url, 'http://x').pathname,
      wanted: incoming.headers['sec-fetch-dest'] ?? 'empty',
      atMs: Date.now(),
      wireBytes: 0,
    };
    requests.push(entry);
    const { method, url: path, headers } = incoming;
    const upstream = forward({ host: '127.0.0.1', port: targetPort, method, path, headers }, (answer) => {
      entry.encoding = answer.headers['content-encoding'] ?? 'none';
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.on('data', (chunk) => {
        entry.wireBytes += chunk.length;
      });
      answer.pipe(outgoing);
    });
    upstream.on('error', () => outgoing.destroy());
    incoming.pipe(upstream);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    requests,
    close: () =>
      new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
  };
}
