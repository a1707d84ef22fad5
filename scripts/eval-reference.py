"""The dense figure of `npm run eval:retrieval` once more, without any code of ours: onnxruntime in Python.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install onnxruntime==1.32.0 tokenizers==0.23.3 numpy==2.4.6
    npm run --silent eval:retrieval -- --beir SET --mode dense --passages passages.jsonl > ours.json
    /tmp/venv/bin/python scripts/eval-reference.py --beir SET --model .models/bge-small-en-v1.5 \
        --passages passages.jsonl --ours ours.json

The same model file, tokenizer and passages; CLS pooling, L2 norm, the query prefix of the model card, 512 tokens, one
text a run (8-bit activations are quantized by the range of the whole batch, so that neighbours would change a vector).
A document is as good as its best passage. Without --passages each document is one passage: title, line break, text.

The figure is given twice: with onnxruntime's fused kernels (its default) and with the graph as it is written. Both are the
same mathematics; what lies between them is what rounding alone does to a model with 8-bit activations, and no other
runtime can be asked to come closer. Exits with 1 when --ours is given and is further than 0.01 from both.
"""

import argparse
import json
import math
import pathlib
import sys

import numpy
import onnxruntime
import tokenizers

MAX_TOKENS = 512
QUERY_PREFIX = "Represent this sentence for searching relevant passages: "
TOLERANCE = 0.01
DEPTH = 10


def rows(path):
    with open(path, encoding="utf-8-sig") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def judgements(path):
    grades = {}
    for line in pathlib.Path(path).read_text(encoding="utf-8-sig").splitlines():
        cells = line.split("\t")
        if len(cells) == 3 and cells[2].strip().lstrip("-").isdigit():
            grades.setdefault(cells[0].strip(), {})[cells[1].strip()] = int(cells[2])
    return grades


def embedder(folder, is_fused):
    folder = pathlib.Path(folder)
    tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    levels = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = levels.ORT_ENABLE_ALL if is_fused else levels.ORT_DISABLE_ALL
    file = str(folder / "onnx/model_quantized.onnx")
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    names = {each.name for each in session.get_inputs()}

    def embed(text):
        ids = numpy.array([tokenizer.encode(text).ids], dtype=numpy.int64)
        feeds = {"input_ids": ids, "attention_mask": numpy.ones_like(ids), "token_type_ids": numpy.zeros_like(ids)}
        states = session.run(None, {name: value for name, value in feeds.items() if name in names})[0]
        vector = states[0, 0]
        return vector / numpy.linalg.norm(vector)

    return embed


def passage_text(passage):
    """As the product embeds it: headings that the passage does not hold itself stand above it."""
    above = [each for each in passage["headings"] if each.strip() and each not in passage["text"]]
    return f"{' – '.join(above)}\n{passage['text']}" if above else passage["text"]


def passages_of(arguments):
    if arguments.passages:
        return [(each["ids"], passage_text(each)) for each in rows(arguments.passages)]
    corpus = rows(pathlib.Path(arguments.beir) / "corpus.jsonl")
    return [([each["_id"]], f"{each.get('title') or ''}\n{each['text']}".strip()) for each in corpus]


def ndcg(ranking, grades):
    gain = lambda values: sum(max(0, grade) / math.log2(i + 2) for i, grade in enumerate(values))
    ideal = gain(sorted(grades.values(), reverse=True)[:DEPTH])
    return gain([grades.get(each, 0) for each in ranking[:DEPTH]]) / ideal if ideal else 0.0


def dense_scores(embed, passages, queries, grades):
    """nDCG@10 of every judged query."""
    vectors = numpy.stack([embed(text) for _, text in passages])
    scores = []
    for query in queries:
        judged = grades.get(query["_id"], {})
        if not any(grade > 0 for grade in judged.values()):
            continue
        best = {}
        for similarity, (ids, _) in zip(vectors @ embed(QUERY_PREFIX + query["text"]), passages):
            for each in ids:
                best[each] = max(best.get(each, -1.0), float(similarity))
        scores.append(ndcg(sorted(best, key=lambda each: (-best[each], each)), judged))
    return numpy.array(scores)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--beir", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--passages")
    parser.add_argument("--ours")
    arguments = parser.parse_args()
    beir = pathlib.Path(arguments.beir)
    passages = passages_of(arguments)
    queries, grades = rows(beir / "queries.jsonl"), judgements(beir / "qrels/test.tsv")
    fused, plain = (
        dense_scores(embedder(arguments.model, is_fused), passages, queries, grades) for is_fused in (True, False)
    )
    result = {
        "queries": len(fused),
        "passages": len(passages),
        "ndcg10": {"fused": float(fused.mean()), "plain": float(plain.mean())},
        "rounding": {"difference": float((fused - plain).mean()), "standard_error": standard_error(fused - plain)},
    }
    if arguments.ours:
        settings = json.loads(pathlib.Path(arguments.ours).read_text(encoding="utf-8"))["settings"]
        ours = next(each for each in settings if each["label"] == "Dense")["metrics"]["ndcg10"]["mean"]
        result["ours"] = ours
        result["difference"] = {name: ours - value for name, value in result["ndcg10"].items()}
    print(json.dumps(result, indent=2))
    differences = result.get("difference", {"none": 0.0}).values()
    return 1 if min(map(abs, differences)) > TOLERANCE else 0


def standard_error(values):
    return float(values.std(ddof=1) / math.sqrt(len(values)))


if __name__ == "__main__":
    sys.exit(main())
