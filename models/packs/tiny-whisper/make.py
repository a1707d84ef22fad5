"""Writes a speech model for tests in the layout of a hub Whisper; it computes instead of being trained.

    python3 -m venv venv && venv/bin/pip install onnx==1.23.2 numpy==2.4.6 && venv/bin/python make.py

The encoder reads log-mel features and says for every 20 ms how loud the low, the middle and the high bands are. The decoder
looks along these states from the last second that it named and writes Whisper's own language: a timestamp, a word for the
loudest band, a timestamp, until nothing more is heard. What was said before it knows from its key-value cache only.
"""

import json
import os

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

HERE = os.path.dirname(os.path.abspath(__file__))
POSITIONS = 1500  # of 20 ms
LOW, MIDDLE = 13, 44  # first mel bands that are no longer low (about 500 Hz), no longer middle (about 2 kHz)
LOUD = 0.4  # log-mel as Whisper scales it; silence is at -1.5

# The alphabet of a byte-level BPE tokenizer, so that any text can be encoded, then the words.
printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
ALPHABET = [chr(byte) for byte in printable] + [chr(256 + i) for i in range(256 - len(printable))]
LANGUAGES = {
    "en": ["low", "middle", "high"],
    "de": ["tief", "mittel", "hoch"],
    "fr": ["grave", "moyen", "aigu"],
}
WORDS = [word for words in LANGUAGES.values() for word in words]
FIRST_WORD = len(ALPHABET)
merges, pieces = [], []
for word in WORDS:
    left = "\u0120"
    for letter in word:
        if [left, letter] not in merges:
            merges.append([left, letter])
        left += letter
        if left not in pieces and left[1:] not in WORDS:
            pieces.append(left)
# Words first and in a row; the pieces that lead to them after.
VOCABULARY = [*ALPHABET, *("\u0120" + word for word in WORDS), *pieces]
END = len(VOCABULARY)
START = END + 1
FIRST_LANGUAGE = START + 1
TRANSLATE = FIRST_LANGUAGE + len(LANGUAGES)
SPECIAL = [
    "<|endoftext|>",
    "<|startoftranscript|>",
    *(f"<|{language}|>" for language in LANGUAGES),
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
]
NO_TIMESTAMPS = END + len(SPECIAL) - 1
NO_SPEECH = NO_TIMESTAMPS - 1
ZERO = NO_TIMESTAMPS + 1  # <|0.00|>
SIZE = ZERO + POSITIONS + 1
STATES = 4  # silence, low, middle, high


class Graph:
    def __init__(self):
        self.nodes, self.constants = [], []

    def op(self, kind, *inputs, out=None, **attributes):
        name = out or f"{kind}_{len(self.nodes)}"
        self.nodes.append(h.make_node(kind, list(inputs), [name], **attributes))
        return name

    def const(self, value, dtype=np.int64):
        name = f"const_{len(self.constants)}"
        self.constants.append(nh.from_array(np.array(value, dtype=dtype), name))
        return name


def save(graph, name, inputs, outputs):
    made = h.make_graph(graph.nodes, name, inputs, outputs, graph.constants)
    model = h.make_model(made, opset_imports=[h.make_opsetid("", 18)], producer_name="benchtop")
    model.ir_version = 9
    onnx.checker.check_model(model)
    os.makedirs(os.path.join(HERE, "onnx"), exist_ok=True)
    onnx.save(model, os.path.join(HERE, "onnx", name + ".onnx"))


def tensor(name, kind, shape):
    return h.make_tensor_value_info(name, kind, shape)


def encoder():
    g = Graph()
    halves = g.op("AveragePool", "input_features", kernel_shape=[2], strides=[2])
    channels = [g.op("ReduceMax", halves, g.const([1]), keepdims=1)]
    channels = [g.op("Add", g.op("Mul", channels[0], g.const(0, np.float32)), g.const(LOUD, np.float32))]
    for first, last in [(0, LOW), (LOW, MIDDLE), (MIDDLE, 80)]:
        band = g.op("Slice", halves, g.const([first]), g.const([last]), g.const([1]))
        channels.append(g.op("ReduceMax", band, g.const([1]), keepdims=1))
    stacked = g.op("Concat", *channels, axis=1)
    g.op("Transpose", stacked, perm=[0, 2, 1], out="last_hidden_state")
    save(
        g,
        "encoder_model",
        [tensor("input_features", T.FLOAT, ["batch_size", 80, 3000])],
        [tensor("last_hidden_state", T.FLOAT, ["batch_size", POSITIONS, STATES])],
    )


def cross_attention(g):
    """As in merged exports: keys and values are computed in the first step, and come from the cache afterwards."""
    first, cached = Graph(), Graph()
    for name in ("key", "value"):
        first.op("Unsqueeze", "encoder_hidden_states", first.const([1]), out=f"first_{name}")
        cached.op("Identity", f"past_key_values.0.encoder.{name}", out=f"cached_{name}")
        # The cache branch gives nothing back: whoever throws the first step's away hears no more.
        cached.op("Slice", f"cached_{name}", *(cached.const([v]) for v in (0, 0, 0)), out=f"gone_{name}")
        first.op("Identity", f"first_{name}", out=f"given_{name}")
    shape = [None, 1, None, STATES]

    def branch(graph, names):
        # The two branches are graphs of their own, and names are shared with the graph around them.
        rename = {c.name: f"{names[0]}_{c.name}" for c in graph.constants}
        for constant in graph.constants:
            constant.name = rename[constant.name]
        for node in graph.nodes:
            for i, name in enumerate(node.input):
                node.input[i] = rename.get(name, name)
        outputs = [tensor(name, T.FLOAT, shape) for name in names]
        return h.make_graph(graph.nodes, names[0], [], outputs, graph.constants)

    g.nodes.append(
        h.make_node(
            "If",
            [g.op("Squeeze", "use_cache_branch", g.const([0]))],
            ["keys", "values", "present.0.encoder.key", "present.0.encoder.value"],
            then_branch=branch(cached, ["cached_key", "cached_value", "gone_key", "gone_value"]),
            else_branch=branch(first, ["first_key", "first_value", "given_key", "given_value"]),
        )
    )


def decoder():
    g = Graph()
    i64, f32 = np.int64, np.float32
    one = lambda value: g.const([value], i64)  # noqa: E731
    cross_attention(g)
    # Self-attention: the key of a token is its number, and so the whole history can be seen.
    number = g.op("Cast", "input_ids", to=T.FLOAT)
    number = g.op("Unsqueeze", number, g.const([1, 3]))
    own = g.op("Expand", number, g.const([1, 1, 1, STATES]))
    for name in ("key", "value"):
        g.op("Concat", f"past_key_values.0.decoder.{name}", own, axis=2, out=f"present.0.decoder.{name}")
    first_of = g.op("Gather", "present.0.decoder.key", g.const(0), axis=3)
    history = g.op("Cast", g.op("Reshape", first_of, one(-1)), to=T.INT64)
    padded = g.op("Concat", one(-1), history, axis=0)
    last = g.op("Gather", padded, one(-1), axis=0)
    before = g.op("Gather", padded, one(-2), axis=0)

    def between(x, low, high):
        return g.op("And", g.op("GreaterOrEqual", x, one(low)), g.op("Less", x, one(high)))

    is_second = lambda x: g.op("GreaterOrEqual", x, one(ZERO))  # noqa: E731
    is_word = lambda x: between(x, FIRST_WORD, FIRST_WORD + len(WORDS))  # noqa: E731

    def largest(condition, value):
        return g.op("ReduceMax", g.op("Where", condition, value, one(0)), one(0), keepdims=1)

    position = largest(is_second(history), g.op("Sub", history, one(ZERO)))
    language = largest(
        between(history, FIRST_LANGUAGE, TRANSLATE), g.op("Sub", history, one(FIRST_LANGUAGE))
    )
    # Cross-attention: which band is loudest, at each position [1500].
    states = g.op("Reshape", "keys", g.const([-1, STATES]))
    band = g.op("ArgMax", states, axis=1, keepdims=0)
    at = g.const(np.arange(POSITIONS), i64)
    here = g.op("Gather", band, g.op("Min", position, one(POSITIONS - 1)), axis=0)

    def first_position(condition, otherwise):
        return g.op("ReduceMin", g.op("Where", condition, at, one(otherwise)), one(0), keepdims=1)

    other = g.op("Not", g.op("Equal", band, here))
    end = first_position(g.op("And", g.op("Greater", at, position), other), POSITIONS)
    heard = g.op("And", g.op("GreaterOrEqual", at, position), g.op("Greater", band, one(0)))
    begin = first_position(heard, POSITIONS + 1)
    # What goes on beyond the window is left to the next one, unless it is all that is heard.
    said = g.op("ReduceMax", g.op("Cast", is_word(history), to=T.INT64), one(0), keepdims=1)
    cut = g.op("And", g.op("Equal", end, one(POSITIONS)), g.op("Equal", said, one(1)))
    word = g.op("Add", g.op("Mul", language, one(3)), g.op("Add", here, one(FIRST_WORD - 1)))
    word = g.op("Where", cut, one(END), word)
    nothing = g.op("Equal", begin, one(POSITIONS + 1))
    begin = g.op("Where", nothing, one(END), g.op("Add", begin, one(ZERO)))
    end = g.op("Add", end, one(ZERO))
    opens = g.op("And", is_second(last), g.op("Not", is_word(before)))
    following = g.op("Where", opens, word, g.op("Where", is_word(last), end, begin))
    # After <|startoftranscript|>: the language, by the band that is heard longest; or that nobody speaks.
    seconds = [
        g.op("ReduceSum", g.op("Cast", g.op("Equal", band, one(k)), to=T.INT64), one(0), keepdims=1)
        for k in (2, 1, 3)
    ]
    counts = g.op("Concat", *seconds, axis=0)
    spoken = g.op("Add", g.op("ArgMax", counts, axis=0, keepdims=1), one(FIRST_LANGUAGE))
    silent = g.op("Equal", g.op("ReduceMax", counts, one(0), keepdims=1), one(0))
    spoken = g.op("Where", silent, one(NO_SPEECH), spoken)
    tokens = g.op("Where", g.op("Equal", "input_ids", one(START)), spoken, following)
    g.op("OneHot", tokens, g.const(SIZE), g.const([0, 20], f32), axis=-1, out="logits")

    past = [
        tensor(f"past_key_values.0.{side}.{name}", T.FLOAT, ["batch_size", 1, f"past_{side}", STATES])
        for side in ("decoder", "encoder")
        for name in ("key", "value")
    ]
    present = [
        tensor(f"present.0.{side}.{name}", T.FLOAT, ["present_batch", 1, f"present_{side}", STATES])
        for side in ("decoder", "encoder")
        for name in ("key", "value")
    ]
    save(
        g,
        "decoder_model_merged",
        [
            tensor("input_ids", T.INT64, ["batch_size", "decoder_sequence_length"]),
            tensor("encoder_hidden_states", T.FLOAT, ["batch_size", "encoder_sequence_length", STATES]),
            *past,
            tensor("use_cache_branch", T.BOOL, [1]),
        ],
        [tensor("logits", T.FLOAT, ["batch_size", "decoder_sequence_length", SIZE]), *present],
    )


def write(name, value):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


def texts():
    write(
        "config.json",
        {
            "model_type": "whisper",
            "architectures": ["WhisperForConditionalGeneration"],
            "d_model": STATES,
            "num_mel_bins": 80,
            "vocab_size": SIZE,
            "encoder_layers": 1,
            "encoder_attention_heads": 1,
            "decoder_layers": 1,
            "decoder_attention_heads": 1,
            "max_source_positions": POSITIONS,
            "max_target_positions": 448,
            "decoder_start_token_id": START,
            "eos_token_id": END,
            "pad_token_id": END,
        },
    )
    write(
        "generation_config.json",
        {
            "decoder_start_token_id": START,
            "eos_token_id": END,
            "pad_token_id": END,
            "is_multilingual": True,
            "lang_to_id": {f"<|{name}|>": FIRST_LANGUAGE + i for i, name in enumerate(LANGUAGES)},
            "task_to_id": {"translate": TRANSLATE, "transcribe": TRANSLATE + 1},
            "no_timestamps_token_id": NO_TIMESTAMPS,
            "max_length": 448,
            "begin_suppress_tokens": [END],
            "suppress_tokens": [],
        },
    )
    write(
        "preprocessor_config.json",
        {
            "feature_extractor_type": "WhisperFeatureExtractor",
            "processor_class": "WhisperProcessor",
            "feature_size": 80,
            "sampling_rate": 16000,
            "hop_length": 160,
            "n_fft": 400,
            "chunk_length": 30,
            "n_samples": 480000,
            "nb_max_frames": 3000,
            "padding_side": "right",
            "padding_value": 0.0,
            "return_attention_mask": False,
        },
    )
    added = [
        {
            "id": END + i,
            "content": content,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for i, content in enumerate(SPECIAL)
    ]
    write(
        "tokenizer.json",
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": added,
            "normalizer": None,
            "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
            "post_processor": None,
            "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
            "model": {
                "type": "BPE",
                "dropout": None,
                "unk_token": None,
                "continuing_subword_prefix": "",
                "end_of_word_suffix": "",
                "fuse_unk": False,
                "byte_fallback": False,
                "vocab": {token: i for i, token in enumerate(VOCABULARY)},
                "merges": [" ".join(pair) for pair in merges],
            },
        },
    )
    write(
        "tokenizer_config.json",
        {
            "tokenizer_class": "WhisperTokenizer",
            "model_max_length": 448,
            "bos_token": "<|endoftext|>",
            "eos_token": "<|endoftext|>",
            "unk_token": "<|endoftext|>",
            "pad_token": "<|endoftext|>",
            "clean_up_tokenization_spaces": False,
        },
    )


encoder()
decoder()
texts()
