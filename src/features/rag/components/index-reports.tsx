import type { IndexReport } from '#core/ports/library.ts';
import { FigureTable } from '#ui/figure-table.tsx';
import { formatBytes, formatNumber } from '#ui/format.ts';
import styles from '../index-panel.module.css';

const KINDS: Readonly<Record<IndexReport['kind'], string>> = {
  exact: 'Exact',
  int8: '8-bit codes',
  voy: 'Voy',
};

const inMs = (ms: number): string => `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`;

const COLUMNS: readonly (readonly [name: string, value: (report: IndexReport) => string])[] = [
  ['Vectors here', ({ vectors }) => formatNumber(vectors)],
  ['In the index', ({ indexVectors }) => formatNumber(indexVectors)],
  ['Dimensions', ({ dimension }) => formatNumber(dimension)],
  ['Memory', ({ indexBytes }) => formatBytes(indexBytes)],
  ['Recall@10', ({ recallAt10 }) => recallAt10.toFixed(3)],
  ['Asked', ({ probes }) => formatNumber(probes)],
  ['p50', ({ p50Ms }) => inMs(p50Ms)],
  ['p95', ({ p95Ms }) => inMs(p95Ms)],
];

/** A figure a row and a measured index a column: few indexes, many figures, and a narrow screen holds both. */
export function IndexReports({ reports }: { readonly reports: readonly IndexReport[] }) {
  return (
    <FigureTable label="Measured indexes" className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Index</th>
          {reports.map(({ spaceId, kind }) => (
            <th key={`${spaceId} ${kind}`} scope="col">
              {KINDS[kind]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {COLUMNS.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {reports.map((report) => (
              <td key={`${report.spaceId} ${report.kind}`}>{value(report)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </FigureTable>
  );
}
