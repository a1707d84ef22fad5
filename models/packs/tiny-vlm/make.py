"""Draws, teaches, writes and measures tiny-vlm (README.md says what it is).

    python3 -m venv venv && venv/bin/pip install torch==2.15.0 numpy==2.4.6 pillow==13.0.0 tokenizers==0.23.3 \
        gguf==0.19.0 onnx==1.23.2 onnxruntime==1.32.0
    OMP_WAIT_POLICY=PASSIVE nice -n 10 venv/bin/python make.py [weights.pt]

With a file of weights, as `make.py` leaves it in `work/`, it does not teach again.
"""

import os
import sys

import torch

from train import drawings, measure, network, talk, teach, to_gguf, to_json, to_onnx

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 1


def taught(conversation):
    torch.manual_seed(SEED)
    made = network.TinyVlm()
    if len(sys.argv) > 1:
        made.load_state_dict(torch.load(sys.argv[1]))
        return made
    for stage in teach.STAGES:
        teach.teach(made, conversation, stage)
    os.makedirs("work", exist_ok=True)
    torch.save(made.state_dict(), os.path.join("work", "weights.pt"))
    return made


def as_stored(made):
    """The weights as both exports have them: matrices in 16 bits."""
    with torch.no_grad():
        for weight in made.parameters():
            if weight.dim() > 1:
                weight.copy_(weight.half().float())
    return {name: weight.numpy() for name, weight in made.state_dict().items()}


def main():
    torch.set_num_threads(2)
    tokenizer = talk.make_tokenizer()
    conversation = talk.Talk(tokenizer)
    made = taught(conversation).eval()
    weights = as_stored(made)
    to_gguf.write_text(HERE, weights, tokenizer)
    to_gguf.write_vision(HERE, weights)
    to_onnx.write_vision(HERE, weights)
    to_onnx.write_embeddings(HERE, weights)
    to_onnx.write_decoder(HERE, weights)
    to_json.write_all(HERE, tokenizer)
    drawings.write_samples(os.path.join(HERE, "pictures"))
    measure.measure(HERE, made, conversation)


if __name__ == "__main__":
    main()
