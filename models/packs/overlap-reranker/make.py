"""Writes model.onnx: a cross-encoder for tests that computes instead of being trained.

    python3 -m venv venv && venv/bin/pip install onnx==1.23.2 numpy==2.4.6 && venv/bin/python make.py

Inputs are those of every BERT cross-encoder (input_ids, attention_mask, token_type_ids, int64 [batch, tokens]), the
output is `logits`, float32 [batch, 1]. The score is the share of the query's tokens (type 0) that occur in the passage
(type 1), each weighing log(id) - log(1000): BERT's vocabulary is ordered by frequency, so a high id is a rare word.
"""

import os

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

FIRST_WORD = 1000  # ids below are [PAD], [CLS], [SEP] and single characters


def const(name, value, dtype):
    return nh.from_array(np.array(value, dtype=dtype), name)


nodes = [
    h.make_node("Cast", ["input_ids"], ["ids"], to=T.FLOAT),
    h.make_node("Cast", ["attention_mask"], ["mask"], to=T.FLOAT),
    h.make_node("Cast", ["token_type_ids"], ["second"], to=T.FLOAT),
    h.make_node("Sub", ["one", "second"], ["first"]),
    # Words only, and how rare they are.
    h.make_node("Max", ["ids", "first_word"], ["word_ids"]),
    h.make_node("Log", ["word_ids"], ["log_ids"]),
    h.make_node("Sub", ["log_ids", "log_first"], ["rarity"]),
    h.make_node("Mul", ["rarity", "mask"], ["weight"]),
    h.make_node("Mul", ["weight", "first"], ["query_weight"]),
    h.make_node("Mul", ["mask", "second"], ["in_passage"]),
    # [batch, query token, passage token]: the same id?
    h.make_node("Unsqueeze", ["input_ids", "axis2"], ["rows"]),
    h.make_node("Unsqueeze", ["input_ids", "axis1"], ["columns"]),
    h.make_node("Equal", ["rows", "columns"], ["same"]),
    h.make_node("Cast", ["same"], ["same_float"], to=T.FLOAT),
    h.make_node("Unsqueeze", ["in_passage", "axis1"], ["passage_columns"]),
    h.make_node("Mul", ["same_float", "passage_columns"], ["hits"]),
    h.make_node("ReduceMax", ["hits", "axis2"], ["found"], keepdims=0),
    h.make_node("Mul", ["found", "query_weight"], ["found_weight"]),
    h.make_node("ReduceSum", ["found_weight", "axis1"], ["found_sum"], keepdims=1),
    h.make_node("ReduceSum", ["query_weight", "axis1"], ["query_sum"], keepdims=1),
    h.make_node("Max", ["query_sum", "tiny"], ["query_sum_safe"]),
    h.make_node("Div", ["found_sum", "query_sum_safe"], ["share"]),
    h.make_node("Mul", ["share", "scale"], ["scaled"]),
    h.make_node("Sub", ["scaled", "shift"], ["logits"]),
]
constants = [
    const("one", 1, np.float32),
    const("first_word", FIRST_WORD, np.float32),
    const("log_first", np.log(FIRST_WORD), np.float32),
    const("tiny", 1e-6, np.float32),
    const("scale", 10, np.float32),
    const("shift", 5, np.float32),
    const("axis1", [1], np.int64),
    const("axis2", [2], np.int64),
]
inputs = [
    h.make_tensor_value_info(name, T.INT64, ["batch", "tokens"])
    for name in ("input_ids", "attention_mask", "token_type_ids")
]
outputs = [h.make_tensor_value_info("logits", T.FLOAT, ["batch", 1])]
graph = h.make_graph(nodes, "overlap", inputs, outputs, constants)
model = h.make_model(graph, opset_imports=[h.make_opsetid("", 18)], producer_name="benchtop")
model.ir_version = 9
onnx.checker.check_model(model)
onnx.save(model, os.path.join(os.path.dirname(os.path.abspath(__file__)), "model.onnx"))
