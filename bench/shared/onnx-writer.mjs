// Writes ONNX graphs (protocol buffers by hand): enough of the format for the models that the benches make up.

const encoder = new TextEncoder();
const TYPES = { float: 1, int8: 3, int64: 7 };
const ATTRIBUTES = { f: 1, i: 2, ints: 7 };
const OPSET = 17;

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

const number = (field, value) => [varint(field << 3), varint(value)];
const bytes = (field, value) => [varint((field << 3) | 2), varint(value.length), value];
const text = (field, value) => bytes(field, encoder.encode(value));
const message = (field, parts) => bytes(field, Buffer.concat(parts.flat()));
const float = (field, value) => [
  varint((field << 3) | 5),
  new Uint8Array(Float32Array.of(value).buffer.slice(0)),
];

function attribute([name, value]) {
  const kind = Array.isArray(value) ? 'ints' : Number.isInteger(value) ? 'i' : 'f';
  const written = {
    ints: () => value.flatMap((entry) => number(8, entry)),
    i: () => number(3, value),
    f: () => float(2, value),
  };
  return message(5, [...text(1, name), ...written[kind](), ...number(20, ATTRIBUTES[kind])]);
}

function valueInfo(field, { name, type, shape }) {
  const dims = shape.map((size) => message(1, typeof size === 'string' ? text(2, size) : number(1, size)));
  const tensor = message(1, [...number(1, TYPES[type]), ...message(2, dims.flat())]);
  return message(field, [...text(1, name), ...message(2, tensor)]);
}

/** A graph that grows node by node; every call answers with the name of what it computes. */
export function createGraph(name) {
  const parts = [];
  let count = 0;
  const fresh = (kind) => `${kind}_${count++}`;

  function tensor(type, dims, data) {
    const id = fresh(type);
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const head = [...dims.flatMap((size) => number(1, size)), ...number(2, TYPES[type])];
    parts.push(...message(5, [...head, ...text(8, id), ...bytes(9, raw)]));
    return id;
  }

  function node(op, inputs, attributes = {}, output = fresh(op)) {
    parts.push(
      ...message(1, [
        ...inputs.flatMap((input) => text(1, input)),
        ...text(2, output),
        ...text(3, fresh('node')),
        ...text(4, op),
        ...Object.entries(attributes).flatMap(attribute),
      ]),
    );
    return output;
  }

  return {
    node,
    floats: (dims, values) => tensor('float', dims, Float32Array.from(values)),
    bytes: (dims, values) => tensor('int8', dims, values),
    ints: (values, dims = [values.length]) => tensor('int64', dims, BigInt64Array.from(values.map(BigInt))),
    input: (id, type, shape) => void parts.push(...valueInfo(11, { name: id, type, shape })),
    output: (id, type, shape) => void parts.push(...valueInfo(12, { name: id, type, shape })),
    /** The file. */
    finish: () =>
      Buffer.concat([
        ...number(1, 8),
        ...text(2, 'benchtop'),
        ...message(7, [...parts, ...text(2, name)]),
        ...message(8, [...text(1, ''), ...number(2, OPSET)]),
      ]),
  };
}
