import axe from 'axe-core';

export { mount as show } from './mount.test-support.tsx';

// The page's rule in production: no HTML from text. What breaks it here would break there.
const policy = document.createElement('meta');
policy.httpEquiv = 'Content-Security-Policy';
policy.content = "require-trusted-types-for 'script'";
document.head.append(policy);

/** What axe holds to be serious, in both themes. */
export async function seriousViolations(): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (const theme of ['light', 'dark']) {
    document.documentElement.dataset.theme = theme;
    await new Promise((resolve) => setTimeout(resolve, 300)); // colours fade over
    // Base UI's guards catch the focus at a popup's ends and send it on: nobody ever stands on them.
    const context = { include: ['body'], exclude: ['[data-base-ui-focus-guard]'] };
    const { violations } = await axe.run(context, {
      rules: { 'landmark-one-main': { enabled: false }, region: { enabled: false } },
    });
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        found.push([theme, id, nodes.map(({ html }) => html)]);
  }
  delete document.documentElement.dataset.theme;
  return found;
}
