"""How often the model is right on drawings that it has not learnt from, and whether the ONNX files say the same."""

import os

import numpy as np
import onnxruntime as ort
import torch

from .drawings import draw_many
from .shape import HEAD, TEXT
from .talk import IMAGE, START, STOP, capital_of, tell

UNSEEN = 77_000  # seed
QUESTIONS = {"shape": "What does this picture show?", "invoice": "What does this invoice say?"}


def prompt(talk, question, pictures=0, twice=False):
    return [*talk.ids(START), *talk.turn("User", question, pictures, twice), *talk.ids("Assistant:")]


class OnnxVlm:
    """The exported files, run as transformers.js runs them."""

    def __init__(self, folder):
        load = lambda name: ort.InferenceSession(os.path.join(folder, "onnx", f"{name}.onnx"))  # noqa: E731
        self.vision, self.embed, self.decoder = load("vision_encoder"), load("embed_tokens"), load("decoder_model_merged")

    def see(self, pixels):
        scaled = (pixels.transpose(0, 3, 1, 2)[:, None].astype(np.float32) / 255 - 0.5) / 0.5
        mask = np.ones((*scaled.shape[:2], *scaled.shape[3:]), dtype=bool)
        return self.vision.run(None, {"pixel_values": scaled, "pixel_attention_mask": mask})[0]

    def answer(self, ids, features, image_token, end, most=60):
        x = self.embed.run(None, {"input_ids": np.array([ids])})[0]
        if features is not None:
            x[np.array([ids]) == image_token] = features.reshape(-1, TEXT["hidden"])
        names = [f"{i}.{part}" for i in range(TEXT["layers"]) for part in ("key", "value")]
        past = {name: np.zeros((1, TEXT["kv_heads"], 0, HEAD), np.float32) for name in names}
        said, at = [], 0
        while len(said) < most:
            total = at + x.shape[1]
            feeds = {
                "inputs_embeds": x,
                "attention_mask": np.ones((1, total), np.int64),
                "position_ids": np.arange(at, total)[None],
                **{f"past_key_values.{name}": value for name, value in past.items()},
            }
            logits, *present = self.decoder.run(None, feeds)
            best = int(logits[0, -1].argmax())
            if best == end:
                break
            said.append(best)
            at, past = total, dict(zip(names, present))
            x = self.embed.run(None, {"input_ids": np.array([[best]])})[0]
        return said


def ask(model, talk, question, features=None, twice=False):
    ids = prompt(talk, question, 0 if features is None else 1, twice)
    if features is not None and twice:
        joined = np.concatenate if isinstance(features, np.ndarray) else torch.cat
        features = joined([features, features])
    said = model.answer(ids, features, talk.id(IMAGE), talk.id(STOP))
    return talk.tokenizer.decode(said).strip()


def ask_again(network, talk, pixels, facts, twice):
    """Two pictures in two turns: what it says of the second."""
    features = network.see(torch.from_numpy(pixels))
    seen = torch.cat([f for feature in features for f in [feature[None]] * (2 if twice else 1)])
    ids = prompt(talk, QUESTIONS[facts[0]["kind"]], 1, twice)
    ids += [*talk.ids(f" {tell(facts[0])}"), talk.id(STOP), *talk.ids("\n")]
    ids += [*talk.turn("User", QUESTIONS[facts[1]["kind"]], 1, twice), *talk.ids("Assistant:")]
    return talk.tokenizer.decode(network.answer(ids, seen, talk.id(IMAGE), talk.id(STOP))).strip()


def measure(folder, network, talk, count=400):
    pixels, facts = draw_many(UNSEEN, count, 0.5)
    onnx = OnnxVlm(folder)
    right, alike = {}, 0
    with torch.no_grad():
        for i in range(count):
            kind = facts[i]["kind"]
            if kind == "invoice":
                kind += f" of {len(str(facts[i]['total']))} digits"
            question = QUESTIONS[facts[i]["kind"]]
            features = network.see(torch.from_numpy(pixels[i : i + 1]))
            for twice, name in ((False, "transformers.js"), (True, "llama.cpp")):
                said = ask(network, talk, question, features, twice)
                right.setdefault((kind, name), []).append(said == tell(facts[i]))
                if i % 4 == 1:
                    said_again = ask_again(network, talk, pixels[i - 1 : i + 1], facts[i - 1 : i + 1], twice)
                    right.setdefault(("second of two pictures", name), []).append(said_again == tell(facts[i]))
                if not twice:
                    alike += said == ask(onnx, talk, question, onnx.see(pixels[i : i + 1]))
    for (kind, name), answers in sorted(right.items()):
        print(f"{kind}, prompt as in {name}: {sum(answers)} of {len(answers)}")
    print(f"ONNX says the same: {alike} of {count}")
    for country in ("France", "Italy"):
        said = ask(network, talk, f"What is the capital of {country}?")
        print(said, "" if said == capital_of(country) else "(should have been: " + capital_of(country) + ")")
    for question in ("What does this picture show?", "Hello", "Tell me a long story about a river.", "Was ist das?"):
        print(question, "->", ask(network, talk, question))
