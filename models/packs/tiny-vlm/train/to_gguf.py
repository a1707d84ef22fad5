"""Writes the network as llama.cpp reads it: the text model, and the vision tower with its connector beside it."""

import os

import gguf
import numpy as np

from .shape import CONTEXT, HEAD, PATCH, SHUFFLE, SIDE, TEXT, VISION, VOCABULARY
from .talk import END, SPECIAL, START, STOP, TEMPLATE, tokenizer_parts

LICENCE = "apache-2.0"


def interleave(weight, heads):
    """Halves of a head side by side, as llama.cpp's llama turns them."""
    halves = weight.reshape(heads, 2, weight.shape[0] // heads // 2, weight.shape[1])
    return halves.swapaxes(1, 2).reshape(weight.shape)


def add(writer, name, weight):
    """Matrices in 16 bits; what is added or multiplied, and the picture's first layer, in 32 as llama.cpp wants them."""
    exact = weight.ndim == 1 or "patch_embd" in name or "position_embd" in name
    writer.add_tensor(name, np.ascontiguousarray(weight, dtype=np.float32 if exact else np.float16))


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def begin(folder, file, architecture, name):
    writer = gguf.GGUFWriter(os.path.join(folder, file), architecture)
    writer.add_name(name)
    writer.add_license(LICENCE)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    return writer


def write_text(folder, weights, tokenizer):
    writer = begin(folder, "tiny-vlm.gguf", "llama", "Tiny VLM")
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(TEXT["hidden"])
    writer.add_block_count(TEXT["layers"])
    writer.add_feed_forward_length(TEXT["inner"])
    writer.add_head_count(TEXT["heads"])
    writer.add_head_count_kv(TEXT["kv_heads"])
    writer.add_rope_dimension_count(HEAD)
    writer.add_rope_freq_base(TEXT["theta"])
    writer.add_layer_norm_rms_eps(TEXT["eps"])
    writer.add_vocab_size(VOCABULARY)
    tokens, merges = tokenizer_parts(tokenizer)
    kinds = [gguf.TokenType.CONTROL if token in SPECIAL else gguf.TokenType.NORMAL for token in tokens]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(tokens.index(START))
    writer.add_eos_token_id(tokens.index(STOP))
    writer.add_unk_token_id(tokens.index(END))
    writer.add_pad_token_id(tokens.index(END))
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(TEMPLATE)
    text = "model.text_model."
    add(writer, "token_embd.weight", weights[text + "embed_tokens.weight"])
    add(writer, "output_norm.weight", weights[text + "norm.weight"])
    names = {
        "input_layernorm": "attn_norm",
        "self_attn.q_proj": "attn_q",
        "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output",
        "post_attention_layernorm": "ffn_norm",
        "mlp.gate_proj": "ffn_gate",
        "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
    }
    heads = {"attn_q": TEXT["heads"], "attn_k": TEXT["kv_heads"]}
    for layer in range(TEXT["layers"]):
        for ours, theirs in names.items():
            weight = weights[f"{text}layers.{layer}.{ours}.weight"]
            add(writer, f"blk.{layer}.{theirs}.weight", interleave(weight, heads[theirs]) if theirs in heads else weight)
    finish(writer)


def write_vision(folder, weights):
    writer = begin(folder, "mmproj-tiny-vlm.gguf", "clip", "Tiny VLM")
    writer.add_type(gguf.GGUFType.MMPROJ)
    writer.add_clip_has_vision_encoder(True)
    writer.add_clip_projector_type(gguf.VisionProjectorType.IDEFICS3)
    writer.add_vision_projection_dim(TEXT["hidden"])
    writer.add_vision_image_size(SIDE)
    writer.add_vision_patch_size(PATCH)
    writer.add_vision_embedding_length(VISION["hidden"])
    writer.add_vision_feed_forward_length(VISION["inner"])
    writer.add_vision_block_count(VISION["layers"])
    writer.add_vision_head_count(VISION["heads"])
    writer.add_vision_attention_layernorm_eps(VISION["eps"])
    writer.add_vision_image_mean([0.5, 0.5, 0.5])
    writer.add_vision_image_std([0.5, 0.5, 0.5])
    writer.add_vision_projector_scale_factor(SHUFFLE)
    writer.add_vision_use_gelu(True)
    writer.add_vision_preproc_image_size(SIDE)  # a picture of any size becomes a grid of one tile
    vision = "model.vision_model."
    add(writer, "v.patch_embd.weight", weights[vision + "embeddings.patch_embedding.weight"])
    add(writer, "v.patch_embd.bias", weights[vision + "embeddings.patch_embedding.bias"])
    add(writer, "v.position_embd.weight", weights[vision + "embeddings.position_embedding.weight"])
    names = {
        "layer_norm1": "ln1",
        "self_attn.q_proj": "attn_q",
        "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v",
        "self_attn.out_proj": "attn_out",
        "layer_norm2": "ln2",
        "mlp.fc1": "ffn_up",
        "mlp.fc2": "ffn_down",
    }
    for layer in range(VISION["layers"]):
        for ours, theirs in names.items():
            for part in ("weight", "bias"):
                weight = weights[f"{vision}encoder.layers.{layer}.{ours}.{part}"]
                add(writer, f"v.blk.{layer}.{theirs}.{part}", weight)
    for part in ("weight", "bias"):
        add(writer, f"v.post_ln.{part}", weights[f"{vision}post_layernorm.{part}"])
    add(writer, "mm.model.fc.weight", weights["model.connector.modality_projection.proj.weight"])
    finish(writer)
