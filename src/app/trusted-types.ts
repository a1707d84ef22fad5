interface TrustedTypePolicies {
  createPolicy(name: string, rules: { readonly createScriptURL: (url: string) => string }): unknown;
}

/**
 * The one policy that the page's headers allow: scripts come from this origin or from a blob that this page made
 * (workers), nothing else. HTML and script text stay forbidden: nothing here needs them.
 */
export function installTrustedTypes(): void {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypePolicies };
  trustedTypes?.createPolicy('default', {
    createScriptURL(url) {
      const { origin, protocol } = new URL(url, location.href);
      if (protocol === 'blob:' || origin === location.origin) return url;
      throw new TypeError(`A script from ${origin} is not allowed on this page`);
    },
  });
}
