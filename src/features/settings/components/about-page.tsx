import styles from '../settings.module.css';
import { Section } from './section.tsx';

export interface AboutPageProps {
  readonly version: string;
  /** Where the licences of the parts are listed; on this origin. */
  readonly licencesUrl?: string;
}

export function AboutPage({ version, licencesUrl }: AboutPageProps) {
  return (
    <Section title="Benchtop" text="A private workbench for language models that lives in the browser.">
      <dl className={styles.facts}>
        <dt>Version</dt>
        <dd>{version}</dd>
        <dt>Licence</dt>
        <dd>Apache-2.0. Each model has its own licence, shown on its card.</dd>
        <dt>Threads in WebAssembly</dt>
        <dd>
          {crossOriginIsolated
            ? 'On: the page is isolated'
            : 'Off: the server does not send the isolation headers, models run on one core'}
        </dd>
      </dl>
      {licencesUrl ? (
        <p>
          <a href={licencesUrl}>Licences of the parts that it is made of</a>
        </p>
      ) : null}
    </Section>
  );
}
