/** The Content Security Policy that this page came with, from the server or from the copy that is kept for offline use. */
export async function readPolicy(): Promise<string> {
  const response = await fetch('/');
  await response.body?.cancel();
  return response.headers.get('content-security-policy') ?? '';
}
