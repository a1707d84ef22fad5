"""Writes the configurations that the hub's layout has."""

import json
import os

from .shape import CONTEXT, HEAD, IMAGE_TOKENS, PATCH, SHUFFLE, SIDE, TEXT, VISION, VOCABULARY
from .talk import END, FAKE, IMAGE, SPECIAL, START, STOP, TEMPLATE


def write(folder, name, value):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.write("\n")


def configs(tokenizer):
    text = {
        "model_type": "llama",
        "architectures": ["LlamaForCausalLM"],
        "vocab_size": VOCABULARY,
        "hidden_size": TEXT["hidden"],
        "intermediate_size": TEXT["inner"],
        "num_hidden_layers": TEXT["layers"],
        "num_attention_heads": TEXT["heads"],
        "num_key_value_heads": TEXT["kv_heads"],
        "head_dim": HEAD,
        "hidden_act": "silu",
        "rms_norm_eps": TEXT["eps"],
        "rope_theta": TEXT["theta"],
        "max_position_embeddings": CONTEXT,
        "tie_word_embeddings": True,
        "bos_token_id": tokenizer.token_to_id(START),
        "eos_token_id": tokenizer.token_to_id(STOP),
        "pad_token_id": tokenizer.token_to_id(END),
    }
    vision = {
        "model_type": "idefics3_vision",
        "hidden_size": VISION["hidden"],
        "intermediate_size": VISION["inner"],
        "num_hidden_layers": VISION["layers"],
        "num_attention_heads": VISION["heads"],
        "hidden_act": "gelu_pytorch_tanh",
        "layer_norm_eps": VISION["eps"],
        "image_size": SIDE,
        "patch_size": PATCH,
        "num_channels": 3,
    }
    model = {
        "model_type": "idefics3",
        "architectures": ["Idefics3ForConditionalGeneration"],
        "image_token_id": tokenizer.token_to_id(IMAGE),
        "scale_factor": SHUFFLE,
        "vocab_size": VOCABULARY,
        "tie_word_embeddings": True,
        "bos_token_id": tokenizer.token_to_id(START),
        "eos_token_id": tokenizer.token_to_id(STOP),
        "pad_token_id": tokenizer.token_to_id(END),
        "text_config": text,
        "vision_config": vision,
        "transformers.js_config": {"dtype": "fp32"},
    }
    generation = {name: model[name] for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
    return {"config.json": model, "generation_config.json": generation}


def processors():
    picture = {
        "image_processor_type": "Idefics3ImageProcessor",
        "processor_class": "Idefics3Processor",
        "do_convert_rgb": True,
        "do_resize": True,
        "size": {"longest_edge": SIDE},
        "resample": 1,
        "do_image_splitting": False,
        "max_image_size": {"longest_edge": SIDE},
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
        "do_pad": True,
    }
    whole = {"processor_class": "Idefics3Processor", "image_seq_len": IMAGE_TOKENS, "chat_template": TEMPLATE}
    return {"preprocessor_config.json": picture, "processor_config.json": whole}


def write_all(folder, tokenizer):
    for name, value in {**configs(tokenizer), **processors()}.items():
        write(folder, name, value)
    write(
        folder,
        "tokenizer_config.json",
        {
            "tokenizer_class": "GPT2Tokenizer",
            "processor_class": "Idefics3Processor",
            "model_max_length": CONTEXT,
            "add_prefix_space": False,
            "clean_up_tokenization_spaces": False,
            "bos_token": START,
            "eos_token": STOP,
            "unk_token": END,
            "pad_token": END,
            "additional_special_tokens": [FAKE, IMAGE, STOP],
            "added_tokens_decoder": {
                str(tokenizer.token_to_id(token)): {
                    "content": token,
                    "lstrip": False,
                    "normalized": False,
                    "rstrip": False,
                    "single_word": False,
                    "special": True,
                }
                for token in SPECIAL
            },
            "chat_template": TEMPLATE,
        },
    )
    whole = json.loads(tokenizer.to_str())
    with open(os.path.join(folder, "tokenizer.json"), "w", encoding="utf-8") as file:
        json.dump(whole, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")
