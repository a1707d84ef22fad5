"""Writes the network as transformers.js reads it: vision tower, embeddings, and a decoder with a key-value cache.

Matrices are stored in 16 bits, as in the GGUF, and widened when a session is made: all arithmetic is in 32 bits.
"""

import os

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

from .shape import CONTEXT, HEAD, PATCH, PATCHES, SHUFFLE, SIDE, TEXT, VISION, VOCABULARY


class Graph:
    def __init__(self, weights):
        self.weights, self.nodes, self.constants, self.known = weights, [], [], {}

    def op(self, kind, *inputs, out=None, **attributes):
        name = out or f"{kind}_{len(self.nodes)}"
        self.nodes.append(h.make_node(kind, list(inputs), [name], **attributes))
        return name

    def const(self, value, dtype=np.int64):
        name = f"const_{len(self.constants)}"
        self.constants.append(nh.from_array(np.array(value, dtype=dtype), name))
        return name

    def weight(self, name, turned=False):
        key = (name, turned)
        if key not in self.known:
            value = self.weights[name].T if turned else self.weights[name]
            if value.ndim == 1:
                self.known[key] = self.const(value, np.float32)
            else:
                self.known[key] = self.op("Cast", self.const(value, np.float16), to=T.FLOAT)
        return self.known[key]

    def linear(self, x, name):
        y = self.op("MatMul", x, self.weight(f"{name}.weight", turned=True))
        return self.op("Add", y, self.weight(f"{name}.bias")) if f"{name}.bias" in self.weights else y

    def shaped(self, x, *shape):
        return self.op("Reshape", x, self.const(shape))

    def heads(self, x, count):
        return self.op("Transpose", self.shaped(x, 0, 0, count, HEAD), perm=[0, 2, 1, 3])

    def attend(self, q, k, v, mask=None):
        scores = self.op("MatMul", q, self.op("Transpose", k, perm=[0, 1, 3, 2]))
        scores = self.op("Mul", scores, self.const(HEAD**-0.5, np.float32))
        if mask is not None:
            scores = self.op("Add", scores, mask)
        mixed = self.op("MatMul", self.op("Softmax", scores, axis=-1), v)
        return self.shaped(self.op("Transpose", mixed, perm=[0, 2, 1, 3]), 0, 0, -1)

    def save(self, folder, name, inputs, outputs):
        made = h.make_graph(self.nodes, name, inputs, outputs, self.constants)
        model = h.make_model(made, opset_imports=[h.make_opsetid("", 17)], producer_name="benchtop")
        model.ir_version = 9
        onnx.checker.check_model(model, full_check=True)
        os.makedirs(os.path.join(folder, "onnx"), exist_ok=True)
        onnx.save(model, os.path.join(folder, "onnx", f"{name}.onnx"))


def tensor(name, kind, *shape):
    return h.make_tensor_value_info(name, kind, shape)


def write_vision(folder, weights):
    g, vision = Graph(weights), "model.vision_model."
    # Pictures that only fill up a batch are masked wholly, and left out.
    real = g.op("ReduceMax", g.op("Cast", "pixel_attention_mask", to=T.INT32), axes=[2, 3], keepdims=0)
    real = g.op("Cast", g.shaped(real, -1), to=T.BOOL)
    pixels = g.op("Compress", g.shaped("pixel_values", -1, 3, SIDE, SIDE), real, axis=0)
    embeddings = vision + "embeddings."
    kernel = g.weight(embeddings + "patch_embedding.weight")
    x = g.op(
        "Conv",
        pixels,
        kernel,
        g.weight(embeddings + "patch_embedding.bias"),
        kernel_shape=[PATCH, PATCH],
        strides=[PATCH, PATCH],
    )
    x = g.op("Transpose", g.shaped(x, 0, VISION["hidden"], PATCHES), perm=[0, 2, 1])
    x = g.op("Add", x, g.weight(embeddings + "position_embedding.weight"))

    def norm(y, name):
        return g.op("LayerNormalization", y, g.weight(name + ".weight"), g.weight(name + ".bias"), epsilon=VISION["eps"])

    for i in range(VISION["layers"]):
        layer = f"{vision}encoder.layers.{i}."
        y = norm(x, layer + "layer_norm1")
        q, k, v = (g.heads(g.linear(y, f"{layer}self_attn.{p}_proj"), VISION["heads"]) for p in "qkv")
        x = g.op("Add", x, g.linear(g.attend(q, k, v), layer + "self_attn.out_proj"))
        y = g.linear(norm(x, layer + "layer_norm2"), layer + "mlp.fc1")
        cubed = g.op("Mul", g.op("Mul", y, y), y)
        bent = g.op("Add", y, g.op("Mul", cubed, g.const(0.044715, np.float32)))
        bent = g.op("Tanh", g.op("Mul", bent, g.const((2 / np.pi) ** 0.5, np.float32)))
        half = g.op("Mul", y, g.const(0.5, np.float32))
        y = g.op("Mul", half, g.op("Add", bent, g.const(1, np.float32)))
        x = g.op("Add", x, g.linear(y, layer + "mlp.fc2"))
    x = norm(x, vision + "post_layernorm")
    side = SIDE // PATCH // SHUFFLE
    x = g.shaped(x, -1, side, SHUFFLE, side, SHUFFLE * VISION["hidden"])
    x = g.op("Transpose", x, perm=[0, 1, 3, 2, 4])
    x = g.shaped(x, -1, side * side, SHUFFLE * SHUFFLE * VISION["hidden"])
    g.op("MatMul", x, g.weight("model.connector.modality_projection.proj.weight", True), out="image_features")
    g.save(
        folder,
        "vision_encoder",
        [
            tensor("pixel_values", T.FLOAT, "batch_size", "num_images", 3, SIDE, SIDE),
            tensor("pixel_attention_mask", T.BOOL, "batch_size", "num_images", SIDE, SIDE),
        ],
        [tensor("image_features", T.FLOAT, "real_images", side * side, TEXT["hidden"])],
    )


def write_embeddings(folder, weights):
    g = Graph(weights)
    g.op("Gather", g.weight("model.text_model.embed_tokens.weight"), "input_ids", axis=0, out="inputs_embeds")
    g.save(
        folder,
        "embed_tokens",
        [tensor("input_ids", T.INT64, "batch_size", "sequence_length")],
        [tensor("inputs_embeds", T.FLOAT, "batch_size", "sequence_length", TEXT["hidden"])],
    )


def causal_mask(g):
    """Nothing looks ahead, nor at what fills up."""
    total = g.op("Shape", "attention_mask", start=1)
    new = g.op("Shape", "inputs_embeds", start=1, end=2)
    zero, one = g.const(0), g.const(1)
    keys = g.op("Range", zero, g.op("Squeeze", total), one)
    rows = g.op("Add", g.op("Range", zero, g.op("Squeeze", new), one), g.op("Sub", total, new))
    allowed = g.op("LessOrEqual", g.op("Unsqueeze", keys, g.const([0])), g.op("Unsqueeze", rows, g.const([1])))
    real = g.op("Cast", g.op("Unsqueeze", "attention_mask", g.const([1, 2])), to=T.BOOL)
    return g.op("Where", g.op("And", allowed, real), g.const(0, np.float32), g.const(-1e9, np.float32))


def write_decoder(folder, weights):
    g, text = Graph(weights), "model.text_model."
    mask = causal_mask(g)
    angles = np.arange(CONTEXT)[:, None] * TEXT["theta"] ** (-np.arange(0, HEAD, 2) / HEAD)
    angles = np.concatenate([angles, angles], -1)
    at = lambda table: g.op("Unsqueeze", g.op("Gather", g.const(table, np.float32), "position_ids"), g.const([1]))  # noqa: E731
    cos, sin = at(np.cos(angles)), at(np.sin(angles))

    def rotated(y):
        left = g.op("Slice", y, g.const([0]), g.const([HEAD // 2]), g.const([3]))
        right = g.op("Slice", y, g.const([HEAD // 2]), g.const([HEAD]), g.const([3]))
        turned = g.op("Concat", g.op("Neg", right), left, axis=3)
        return g.op("Add", g.op("Mul", y, cos), g.op("Mul", turned, sin))

    def norm(y, name):
        mean = g.op("ReduceMean", g.op("Mul", y, y), axes=[-1], keepdims=1)
        size = g.op("Sqrt", g.op("Add", mean, g.const(TEXT["eps"], np.float32)))
        return g.op("Mul", g.op("Div", y, size), g.weight(name + ".weight"))

    def shared(y):
        """A key or value head serves several query heads."""
        times = TEXT["heads"] // TEXT["kv_heads"]
        wide = g.op("Tile", g.op("Unsqueeze", y, g.const([2])), g.const([1, 1, times, 1, 1]))
        shape = g.op("Concat", g.op("Shape", y, end=1), g.const([TEXT["heads"]]), g.op("Shape", y, start=2), axis=0)
        return g.op("Reshape", wide, shape)

    x, kept = "inputs_embeds", []
    for i in range(TEXT["layers"]):
        layer = f"{text}layers.{i}."
        y = norm(x, layer + "input_layernorm")
        q, k, v = (
            g.heads(g.linear(y, f"{layer}self_attn.{p}_proj"), TEXT["heads" if p == "q" else "kv_heads"]) for p in "qkv"
        )
        k = g.op("Concat", f"past_key_values.{i}.key", rotated(k), axis=2, out=f"present.{i}.key")
        v = g.op("Concat", f"past_key_values.{i}.value", v, axis=2, out=f"present.{i}.value")
        mixed = g.attend(rotated(q), shared(k), shared(v), mask)
        x = g.op("Add", x, g.linear(mixed, layer + "self_attn.o_proj"))
        y = norm(x, layer + "post_attention_layernorm")
        gate = g.linear(y, layer + "mlp.gate_proj")
        gate = g.op("Mul", gate, g.op("Sigmoid", gate))
        y = g.op("Mul", gate, g.linear(y, layer + "mlp.up_proj"))
        x = g.op("Add", x, g.linear(y, layer + "mlp.down_proj"))
    g.op("MatMul", norm(x, text + "norm"), g.weight(text + "embed_tokens.weight", True), out="logits")
    for i in range(TEXT["layers"]):
        kept += [f"{i}.key", f"{i}.value"]
    heads = TEXT["kv_heads"]
    past = [tensor(f"past_key_values.{n}", T.FLOAT, "batch_size", heads, "past_length", HEAD) for n in kept]
    present = [tensor(f"present.{n}", T.FLOAT, "batch_size", heads, "total_length", HEAD) for n in kept]
    g.save(
        folder,
        "decoder_model_merged",
        [
            tensor("inputs_embeds", T.FLOAT, "batch_size", "sequence_length", TEXT["hidden"]),
            tensor("attention_mask", T.INT64, "batch_size", "total_length"),
            tensor("position_ids", T.INT64, "batch_size", "sequence_length"),
            *past,
        ],
        [tensor("logits", T.FLOAT, "batch_size", "sequence_length", VOCABULARY), *present],
    )
