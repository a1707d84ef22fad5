/** The operator that takes the range of its whole input, every row of the batch. */
const OPERATOR = new TextEncoder().encode('DynamicQuantizeLinear');

/**
 * Whether an ONNX graph quantizes activations by the range of the batch: a row's result then depends on its neighbours.
 * Operators stand in the file by name.
 */
export function quantizesByBatch(graph: Uint8Array): boolean {
  const first = OPERATOR[0] ?? 0;
  for (let at = graph.indexOf(first); at !== -1; at = graph.indexOf(first, at + 1))
    if (OPERATOR.every((byte, i) => graph[at + i] === byte)) return true;
  return false;
}
