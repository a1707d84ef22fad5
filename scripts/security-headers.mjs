// The headers of every answer. docs/deploy.md repeats them for other servers; docs/decisions/2026-11-24-connect-src.md says why.
const HUB = [
  'https://huggingface.co',
  'https://*.huggingface.co',
  'https://*.hf.co',
  'https://raw.githubusercontent.com',
];
const LOOPBACK = ['http://127.0.0.1:*', 'http://localhost:*'];

function policy(extraConnect) {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    `connect-src 'self' blob: data: ${[...HUB, ...LOOPBACK, ...extraConnect].join(' ')}`,
    "style-src 'self'",
    "font-src 'self' data: blob:",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "manifest-src 'self'",
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/**
 * @param {{ isDocument: boolean, extraConnect?: readonly string[] }} options
 * Trusted Types belong on the document only: a worker's script takes the policy of its own response, and wllama's
 * threads could not start under it.
 */
export function securityHeaders({ isDocument, extraConnect = [] }) {
  const csp = policy(extraConnect);
  return {
    ...isolation,
    'content-security-policy': isDocument
      ? `${csp}; require-trusted-types-for 'script'; trusted-types default`
      : csp,
  };
}
